#pragma warning disable CA1000 // ReconciliationResult<Segment>.Success(…) is the form that C# operator authors know.
using Kubernetes.Model;

namespace Kubernetes.Controllers;

/// <summary>What came of a reconciliation, and when the next one is due.</summary>
public sealed record ReconciliationResult<T>
    where T : class, IKubernetesObject
{
    private ReconciliationResult(T entity) => Entity = entity;

    /// <summary>The object whose status is written.</summary>
    public T Entity { get; }

    public bool IsSuccess { get; private init; }

    public bool IsFailure => !IsSuccess;

    /// <summary>A failure that no repetition mends.</summary>
    public bool IsTerminal { get; private init; }

    public string? ErrorMessage { get; private init; }

    public Exception? Error { get; private init; }

    public TimeSpan? RequeueAfter { get; private init; }

    /// <summary>Done. Earlier failures are forgotten; the next call is after the delay, or with the next change.</summary>
    public static ReconciliationResult<T> Success(T entity, TimeSpan? requeueAfter = null) =>
        new(entity) { IsSuccess = true, RequeueAfter = requeueAfter };

    /// <summary>
    /// Not done, worth another try: after <paramref name="requeueAfter"/>, or after a wait that doubles with every failure of this
    /// object in a row (750 ms to 15 min). It is tried for ever.
    /// </summary>
    public static ReconciliationResult<T> Failure(T entity, string message, Exception? exception = null, TimeSpan? requeueAfter = null) =>
        new(entity) { ErrorMessage = message, Error = exception, RequeueAfter = requeueAfter };

    /// <summary>Cannot be done as it is written: waits for a change of the object (or an explicit request).</summary>
    public static ReconciliationResult<T> Terminal(T entity, string message) => new(entity) { IsTerminal = true, ErrorMessage = message };
}
