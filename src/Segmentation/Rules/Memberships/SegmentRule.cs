namespace Segmentation;

/// <summary>
/// Holds when the profile is, or is not, in the other segment at the same instant; of a member it may also ask when it joined. The other
/// segment is evaluated in the same pass, once however many rules ask, and decides alone who is a member. When a member joined is known
/// from <see cref="Profile.Memberships"/>; one that is not a member there enters at the instant of the pass.
/// </summary>
public sealed class SegmentRule : Rule
{
    /// <summary>Throws <see cref="ArgumentException"/> when it is asked of others than members when they joined.</summary>
    public SegmentRule(SegmentDefinition segment, bool isMember, JoinedCondition? joined = null)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (joined is not null && !isMember)
            throw new ArgumentException("Only a member has joined.", nameof(joined));
        Segment = segment;
        IsMember = isMember;
        Joined = joined;
    }

    public SegmentDefinition Segment { get; }

    public bool IsMember { get; }

    /// <summary>When a member must have joined; null when that does not matter.</summary>
    public JoinedCondition? Joined { get; }

    public override Verdict Evaluate(Evaluation e)
    {
        var membership = e.Evaluate(Segment);
        if (Joined is not { } joined || !membership.Matches)
            return new Verdict(membership.Matches == IsMember, membership.NextChangeMs, this);
        var (holds, changesAtMs) = JoinedAtMs(e) is { } joinedAtMs ? joined.Ask(joinedAtMs, e.InstantMs) : joined.AskEntering(e.InstantMs);
        return new Verdict(holds, Math.Min(membership.NextChangeMs, changesAtMs), this);
    }

    public override string Key => "segment";

    public override string ToString()
    {
        var membership = $"{(IsMember ? "member" : "not a member")} of {Segment.Name}";
        return Joined is { } joined ? $"{membership}, {joined}" : membership;
    }

    private protected override string Finding(Evaluation e)
    {
        if (!e.Evaluate(Segment).Matches)
            return $"not a member of {Segment.Name}";
        var since = Joined is null ? "" : JoinedAtMs(e) is { } joinedAtMs ? $" since {Rfc3339.Format(joinedAtMs)}" : " from this instant on";
        return $"a member of {Segment.Name}{since}";
    }

    private protected override IEnumerable<Explanation> ExplainParts(Evaluation e) =>
        e.Explained.Add(Segment) ? [Segment.Rule.Explain(e)] : [];

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        into.AddSegment(Segment);
        if (Joined is null)
            return;
        into.AddEntry(Segment.Name);
        into.AddTime();
    }

    private long? JoinedAtMs(Evaluation e) => e.Profile.Memberships?.JoinedAtMs(Segment.Name);
}
