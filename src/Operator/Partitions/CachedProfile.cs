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

    private PlanLayout? _layout;
    private Membership[] _memberships = [];
    private StoredScore?[] _scores = [];

    // Nothing is stored of it: it is in none of the segments of the first plan that looks.
    private bool _isNew = !stored.Exists;

    public Profile Profile { get; } = stored.Profile;

    /// <summary>The earliest instant at which time alone may change something; may be early, never late.</summary>
    public long DueMs { get; set; } = stored.DueMs;

    /// <summary>The profile that this one was merged into: what comes for it is sent on, and nothing is kept here. Null for none.</summary>
    public string? MergedInto { get; set; } = stored.MergedInto;

    /// <summary>The ids of the profiles that were merged into this one, over others, too.</summary>
    public IReadOnlyList<string> MergedFrom { get; set; } = stored.MergedFrom;

    /// <summary>False until the first event or property of an unknown or erased id is applied, and of a profile that was merged into another.</summary>
    public bool Exists { get; set; } = stored.Exists;

    /// <summary>What the events of the log entry that is being applied can change; null of a profile that has none in it.</summary>
    public Affected? Affected { get; set; }

    /// <summary>The due time in the store, as of the last commit of this turn.</summary>
    public long StoredDueMs { get; set; } = stored.DueMs;

    /// <summary>For <see cref="UseList"/>.</summary>
    public int UsePlace { get; set; }

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
        Align(plan.Layout);
        return ref _memberships[index];
    }

    /// <summary>What was last written for the plan's policy at this index, or null when that is not known.</summary>
    public ref StoredScore? ScoreAt(WorkspacePlan plan, int index)
    {
        Align(plan.Layout);
        return ref _scores[index];
    }

    // What the store holds does not change by a plan that only adds to the one before.
    private void Align(PlanLayout layout)
    {
        if (ReferenceEquals(_layout, layout)) return;
        var (before, memberships, scores) = (_layout, _memberships, _scores);
        _layout = layout;
        _memberships = new Membership[layout.Segments.Count];
        _scores = layout.Policies.Count == 0 ? [] : new StoredScore?[layout.Policies.Count];
        if (_isNew) Array.Fill(_memberships, Membership.Out);
        _isNew = false;
        if (before is null) return;
        for (var i = 0; i < _memberships.Length; i++)
        {
            if (before.IndexOfSegment(layout.Segments[i]) is { } index) _memberships[i] = memberships[index];
        }
        for (var i = 0; i < _scores.Length; i++)
        {
            if (before.IndexOfPolicy(layout.Policies[i]) is { } index) _scores[i] = scores[index];
        }
    }

    /// <summary>Forgets what is stored: something else than commits of turns has changed it.</summary>
    public void ForgetStored() => _layout = null;
}

/// <summary>What is stored of a profile's place in a policy: what its digits follow from. Without a reference, for it is written often and kept long.</summary>
internal readonly record struct StoredScore(long LastPurchaseMs, int Frequency, decimal Monetary, decimal Spent)
{
    public static StoredScore Of(in RfmScore score) => new(score.LastPurchaseMs, score.FrequencyValue, score.MonetaryValue, score.Spent);
}

/// <summary>What is known of a stored membership.</summary>
internal enum Membership : byte
{
    Unknown,
    Out,
    In,
}
