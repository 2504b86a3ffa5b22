namespace Segmentation;

/// <summary>
/// Records what rules ask of the past (when a profile entered segments, which tiers it left) where nobody recorded it while it happened:
/// the profile is evaluated from change to change, each at its own instant, as the operator would have. Events count from when they
/// occurred; properties, definitions and break points are the present ones throughout. For one thread at a time.
/// </summary>
public sealed class MembershipReplay
{
    private readonly SegmentDefinition[] segments;
    private readonly RfmPolicyDefinition[] policies;
    private readonly bool[] matches;
    private readonly Evaluation evaluation = new();

    /// <summary>For the rules of these segments, and of all that they refer to. Of several of one name the first is the one recorded.</summary>
    public MembershipReplay(IEnumerable<SegmentDefinition> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        var all = segments.SelectMany(static segment => segment.Dependencies.Segments.Prepend(segment)).Distinct().ToList();
        var entries = all.SelectMany(static segment => segment.Dependencies.Entries).ToHashSet(StringComparer.Ordinal);
        var formerTiers = all.SelectMany(static segment => segment.Dependencies.FormerTiers).ToHashSet(StringComparer.Ordinal);
        this.segments = [.. all.Where(segment => entries.Contains(segment.Name)).DistinctBy(static segment => segment.Name)];
        policies = [.. all.SelectMany(static segment => segment.Dependencies.Policies)
            .Where(policy => formerTiers.Contains(policy.Name)).DistinctBy(static policy => policy.Name)];
        matches = new bool[this.segments.Length];
    }

    /// <summary>Whether any rule asks of the past.</summary>
    public bool IsNeeded => segments.Length + policies.Length > 0;

    /// <summary>Records everything up to the instant, itself not included, from the profile's first event on.</summary>
    public void Run(Profile profile, long beforeMs)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (IsNeeded && profile.FirstEventMs is { } firstMs)
            Run(profile, firstMs, beforeMs);
    }

    /// <summary>Records what changes from one instant, included, up to another, not included.</summary>
    public void Run(Profile profile, long fromMs, long beforeMs)
    {
        ArgumentNullException.ThrowIfNull(profile);
        for (var atMs = fromMs; atMs < beforeMs;)
            atMs = Record(profile, atMs);
    }

    // Returns when the next change can be.
    private long Record(Profile profile, long atMs)
    {
        evaluation.Begin(profile, atMs);
        var next = Verdict.Never;
        for (var i = 0; i < segments.Length; i++)
        {
            var verdict = evaluation.Evaluate(segments[i]);
            matches[i] = verdict.Matches;
            next = Math.Min(next, verdict.NextChangeMs);
        }

        // Only when all are answered: what is recorded of one must not change the answer of another at the same instant.
        for (var i = 0; i < segments.Length; i++)
        {
            if (profile.Record(segments[i].Name, matches[i], atMs) && segments[i].Dependencies.Entries.Contains(segments[i].Name))
                next = Math.Min(next, atMs + 1);
        }

        foreach (var policy in policies)
        {
            var score = evaluation.Score(policy);
            profile.RecordTier(policy.Name, score.Tier, atMs);
            next = Math.Min(next, score.NextChangeMs);
        }

        return next;
    }
}
