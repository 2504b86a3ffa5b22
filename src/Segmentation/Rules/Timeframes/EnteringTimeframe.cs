namespace Segmentation;

/// <summary>
/// (E, t], E being the latest instant before t at which the profile entered the segment, also when it has left since. Nothing for a profile
/// that never entered.
/// </summary>
public sealed class EnteringTimeframe(string segment) : Timeframe
{
    public string Segment { get; } = segment;

    internal override bool Moves => false;

    internal override PlainTimeframe For(Evaluation e)
    {
        if (e.Profile.Memberships is not { } history || !history.Stays.TryGetValue(Segment, out var stay))
            return FixedTimeframe.Empty;
        if (stay.EnteredAtMs < e.InstantMs || stay.EnteredBeforeMs is not { } enteredBeforeMs)
            return FixedTimeframe.Of(stay.EnteredAtMs + 1, null);
        e.AskAgainAt(stay.EnteredAtMs + 1);
        return FixedTimeframe.Of(enteredBeforeMs + 1, null);
    }

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddEntry(Segment);

    public override string ToString() => $"since entering {Segment}";
}
