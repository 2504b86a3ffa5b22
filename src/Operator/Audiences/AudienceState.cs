namespace Segmentation.Operator.Audiences;

internal enum AudiencePhase
{
    /// <summary>Not begun: its destination is being checked, or its checkpoint read.</summary>
    Starting,

    /// <summary>The segment has no members to tell yet.</summary>
    WaitingForSegment,

    /// <summary>The members there are, are being told.</summary>
    InitialSync,

    /// <summary>Changes are told as they happen.</summary>
    Following,

    /// <summary>Nothing is told until the spec changes.</summary>
    Stopped,
}

/// <summary>How an AudienceSync is doing; its controller writes the status from this.</summary>
/// <param name="Generation">The generation of the spec that is followed.</param>
/// <param name="Reason">Why it does not go on, as a condition's reason; null when all is well.</param>
/// <param name="Message">The same for people.</param>
/// <param name="LastSyncMs">When the destination last accepted a batch, 0 for never.</param>
/// <param name="Synced">Changes that it has accepted.</param>
/// <param name="Pending">Changes that wait; null while not known.</param>
/// <param name="FailedAttempts">Since the last success.</param>
/// <param name="LastError">Of the last failed attempt, null after a success.</param>
internal sealed record AudienceState(
    long Generation,
    AudiencePhase Phase,
    string? Reason,
    string? Message,
    long LastSyncMs,
    long Synced,
    long? Pending,
    int FailedAttempts,
    string? LastError)
{
    public static AudienceState Initial(long generation) => new(generation, AudiencePhase.Starting, null, null, 0, 0, null, 0, null);
}
