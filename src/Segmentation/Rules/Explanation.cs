namespace Segmentation;

/// <summary>What one condition says about one profile at one instant, for people.</summary>
/// <param name="Key">The condition's key in a spec, such as <c>event</c> or <c>all</c>.</param>
/// <param name="Condition">What is asked, such as <c>placed_order: count gte 3, within 365d</c>; from the definition alone.</param>
/// <param name="Finding">
/// What was found, with the numbers, such as <c>2 counted; the oldest leaves at 2026-12-01T09:14:00Z</c>. It may tell personal data: show
/// it to whoever may see the profile, never write it to a log.
/// </param>
/// <param name="Matches">Whether the condition holds.</param>
/// <param name="NextChangeMs">See <see cref="Verdict.NextChangeMs"/>.</param>
/// <param name="Conditions">Those in it, in the order written: of a group its members, of a reference the other segment's rule.</param>
public sealed record Explanation(
    string Key, string Condition, string Finding, bool Matches, long NextChangeMs, IReadOnlyList<Explanation> Conditions)
{
    /// <summary>The name of the segment that the condition refers to, whose rule is its only part; null for every other condition.</summary>
    public string? Reference { get; init; }
}
