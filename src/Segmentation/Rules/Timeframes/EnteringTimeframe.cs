namespace Segmentation;

/// <summary>
/// (E, t], E being the latest instant before t at which the profile entered the segment, also when it has left since. Nothing for a profile
/// that never entered.
/// </summary>
public sealed class EnteringTimeframe(string segment) : Timeframe
{
    public string Segment { get; } = segment;

    internal override bool Moves => false;

    internal override PlainTimeframe For(Evaluation e) =>
        e.Profile.Memberships?.EnteredBeforeMs(Segment, e.InstantMs) is { } enteredAtMs ? FixedTimeframe.Of(enteredAtMs + 1, null) : FixedTimeframe.Empty;

    // At the very instant of entering the time since the entering before is still the one that counts.
    internal override long NextShiftMs(Evaluation e) =>
        e.Profile.Memberships?.EnteredAtMs(Segment) is { } enteredAtMs && enteredAtMs >= e.InstantMs ? enteredAtMs + 1 : Verdict.Never;

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddEntry(Segment);

    public override string ToString() => $"since entering {Segment}";
}
