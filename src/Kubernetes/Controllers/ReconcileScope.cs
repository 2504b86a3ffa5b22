using System.Diagnostics;
using Kubernetes.Informers;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Controllers;

/// <summary>
/// The frame of one reconciliation: what is logged within it carries the object, its generation and an id of its own, and a trace has a span
/// for it.
/// </summary>
internal sealed class ReconcileScope : IDisposable
{
    private readonly IDisposable? _log;
    private readonly Activity? _span;

    /// <param name="generation">That of the object as last seen; null when it is not there (any more).</param>
    public ReconcileScope(ILogger logger, string kind, EntityKey key, long? generation)
    {
        var id = Guid.NewGuid().ToString();
        _log = logger.BeginScope(new KeyValuePair<string, object?>[]
        {
            new("Kind", kind), new("Namespace", key.Namespace), new("Name", key.Name), new("Generation", generation), new("ReconcileId", id),
        });
        _span = RuntimeTracing.Source.StartActivity("reconcile " + kind);
        _span?.SetTag("k8s.namespace.name", key.Namespace).SetTag("k8s.object.name", key.Name)
            .SetTag("k8s.object.generation", generation).SetTag("reconcile.id", id);
    }

    /// <param name="outcome">Null: cut short.</param>
    public void End(Outcome? outcome)
    {
        _span?.SetTag("reconcile.result", outcome?.Kind.ToString() ?? "Cancelled");
        if (outcome is { IsError: true })
            _span?.SetStatus(ActivityStatusCode.Error, outcome.Message);
    }

    public void Dispose()
    {
        _span?.Dispose();
        _log?.Dispose();
    }
}

/// <summary>Where the runtime's spans are found. Those of its requests are .NET's own, from <c>System.Net.Http</c>.</summary>
public static class RuntimeTracing
{
    /// <summary>The name of the source of every span of this runtime.</summary>
    public const string SourceName = "Kubernetes.Runtime";

    internal static ActivitySource Source { get; } = new(SourceName);
}
