using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Walks all profiles of a partition now and then, a few a turn, so that they forget what is too old. It begins anew with every owner: what is
/// forgotten already costs only the look.
/// </summary>
internal sealed class RetentionWalk(PartitionStore store, PartitionTurn turn, int profilesPerTurn, TimeSpan interval)
{
    private string _cursor = "";
    private long _beginsMs;

    /// <summary>Whether a turn at the instant would have something to look at.</summary>
    public bool IsDue(WorkspacePlan plan, long nowMs) => plan.Forgets && nowMs >= Volatile.Read(ref _beginsMs);

    /// <summary>Looks at the next profiles.</summary>
    /// <returns>Whether there are more.</returns>
    public async Task<bool> StepAsync(WorkspacePlan plan, long atMs)
    {
        if (!IsDue(plan, atMs)) return false;
        var profiles = await store.ProfilesAfterAsync(_cursor, until: null, profilesPerTurn);
        await turn.ForgetAsync(profiles, atMs);
        var isLeft = profiles.Length == profilesPerTurn;
        _cursor = isLeft ? profiles[^1] : "";
        if (!isLeft) Volatile.Write(ref _beginsMs, atMs + (long)interval.TotalMilliseconds);
        return isLeft;
    }

    /// <summary>Begins anew.</summary>
    public void Restart()
    {
        _cursor = "";
        Volatile.Write(ref _beginsMs, 0);
    }
}
