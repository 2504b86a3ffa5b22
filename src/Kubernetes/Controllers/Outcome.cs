namespace Kubernetes.Controllers;

/// <summary>What the work on a key means for the queue.</summary>
internal enum OutcomeKind
{
    Success = 0,
    RequeueAfter = 1,
    Error = 2,
    TerminalError = 3,
}

/// <param name="After">For a requeue, when; for an error, when instead of the backoff's time, null for that.</param>
internal sealed record Outcome(OutcomeKind Kind, TimeSpan? After = null, string? Message = null, Exception? Error = null)
{
    public static Outcome Done { get; } = new(OutcomeKind.Success);

    public bool IsError => Kind is OutcomeKind.Error or OutcomeKind.TerminalError;

    /// <summary>The same, but back no later than this: the soonest of several requeues wins.</summary>
    public Outcome NoLaterThan(TimeSpan? after)
    {
        if (after is null || Kind == OutcomeKind.Error)
            return this;
        if (Kind == OutcomeKind.TerminalError)
            return this with { After = after };
        return this with { Kind = OutcomeKind.RequeueAfter, After = After < after ? After : after };
    }
}
