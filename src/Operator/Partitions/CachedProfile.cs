using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// A profile in its owner's memory, with what is known of its stored memberships. Only ever ahead of the store within a turn: when a commit's
/// outcome is not certain, the whole cache is dropped.
/// </summary>
internal sealed class CachedProfile(StoredProfile stored)
{
    // About as many as take the room of one occurrence.
    private const int CharactersOfOccurrence = 128;

    private WorkspacePlan? _plan;
    private Membership[] _memberships = [];
    private RfmScore?[] _scores = [];

    // Nothing is stored of it: it is in none of the segments of the first plan that looks.
    private bool _isNew = !stored.Exists;

    public Profile Profile { get; } = stored.Profile;

    /// <summary>The earliest instant at which time alone may change something; may be early, never late.</summary>
    public long DueMs { get; set; } = stored.DueMs;

    /// <summary>False until the first event or property of an unknown or erased id is applied.</summary>
    public bool Exists { get; set; } = stored.Exists;

    /// <summary>What the events of the log entry that is being applied can change; null of a profile that has none in it.</summary>
    public Affected? Affected { get; set; }

    /// <summary>The due time in the store, as of the last commit of this turn.</summary>
    public long StoredDueMs { get; set; } = stored.DueMs;

    /// <summary>
    /// As last weighed: its occurrences and its stays in watched segments, as much again for a history of properties of that size, and four for
    /// itself.
    /// </summary>
    public int Weight { get; private set; }

    /// <returns>How much heavier it has become since it was last weighed.</returns>
    public int Weigh()
    {
        var before = Weight;
        Weight = Profile.Count + (Profile.Memberships?.Stays.Count ?? 0) + ((Profile.PropertyHistory?.Characters ?? 0) / CharactersOfOccurrence) + 4;
        return Weight - before;
    }

    /// <summary>What the store holds for the plan's segment at this index, as far as it is known.</summary>
    public ref Membership MembershipAt(WorkspacePlan plan, int index)
    {
        Align(plan);
        return ref _memberships[index];
    }

    /// <summary>What was last written for the plan's policy at this index, or null when that is not known.</summary>
    public ref RfmScore? ScoreAt(WorkspacePlan plan, int index)
    {
        Align(plan);
        return ref _scores[index];
    }

    private void Align(WorkspacePlan plan)
    {
        if (ReferenceEquals(_plan, plan)) return;
        _plan = plan;
        _memberships = new Membership[plan.Segments.Count];
        if (_isNew) Array.Fill(_memberships, Membership.Out);
        _isNew = false;
        _scores = new RfmScore?[plan.Policies.Count];
    }
}

/// <summary>What is known of a stored membership.</summary>
internal enum Membership : byte
{
    Unknown,
    Out,
    In,
}
