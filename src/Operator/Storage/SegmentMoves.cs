using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>Who enters and leaves one revision of a segment by a commit, as far as that is certain. Used again for the commits that follow.</summary>
/// <param name="segment">Its name.</param>
/// <param name="revision">Whose members move.</param>
internal sealed class SegmentMoves(string segment, string revision)
{
    // Room for what a usual turn moves is kept from one to the next.
    private const int LargestKept = 64;

    public string Segment => segment;

    /// <summary>The key of the members, as the commit names it.</summary>
    public RedisValue Members { get; } = Keys.MembersSuffix(segment, revision);

    /// <summary>Those of the present round: nobody is in it twice.</summary>
    public HashSet<string> Profiles { get; } = [];

    /// <summary>Of the present round: when, who, …</summary>
    public List<RedisValue> Entering { get; } = [];

    /// <summary>Of the present round: who.</summary>
    public List<RedisValue> Leaving { get; } = [];

    /// <summary>How many of the whole commit count as entered and as left, by the minute since the Unix epoch.</summary>
    public Dictionary<(long Minute, bool Enters), int> Flow { get; } = [];

    /// <summary>The latest move of the whole commit that changes the segment's statistics; null for none.</summary>
    public long? LatestMs { get; set; }

    /// <summary>Whether anything of it is in the present commit.</summary>
    public bool IsUsed { get; set; }

    public void EndRound()
    {
        Profiles.Clear();
        Empty(Entering);
        Empty(Leaving);
        if (Profiles.EnsureCapacity(0) > LargestKept) Profiles.TrimExcess();
    }

    public void EndCommit()
    {
        EndRound();
        Flow.Clear();
        LatestMs = null;
        IsUsed = false;
    }

    private static void Empty(List<RedisValue> list)
    {
        list.Clear();
        if (list.Capacity > LargestKept) list.Capacity = 0;
    }
}
