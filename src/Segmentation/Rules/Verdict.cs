namespace Segmentation;

/// <summary>The answer to a rule for one profile at one instant.</summary>
/// <param name="Matches">Whether the rule holds.</param>
/// <param name="NextChangeMs">
/// The earliest instant, strictly after the one asked about, at which the answer can change by the passing of time alone, in milliseconds
/// since the Unix epoch; <see cref="Never"/> when it cannot. It may be early, never late: until the millisecond before it, a profile
/// whose events and properties stay as they are keeps this answer.
/// </param>
/// <param name="DecidedBy">
/// The condition that decided. For a group that one child alone settles (a false child of <c>all</c>, a true one of <c>any</c>): the first
/// such child's; otherwise the child's that changes first, and of several such the first in the order written.
/// </param>
public readonly record struct Verdict(bool Matches, long NextChangeMs, Rule? DecidedBy)
{
    /// <summary>Time alone never changes the answer.</summary>
    public const long Never = long.MaxValue;
}
