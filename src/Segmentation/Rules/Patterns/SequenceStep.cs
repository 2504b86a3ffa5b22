namespace Segmentation;

/// <summary>One step of a sequence.</summary>
/// <param name="Selection">Which events.</param>
/// <param name="WithinMs">
/// Less than how long after the step before; of an absent step at the end, how long after it there is none. Null for no limit.
/// </param>
/// <param name="IsAbsent">Whether it is asked that nothing of it happened.</param>
public sealed record SequenceStep(EventSelection Selection, long? WithinMs = null, bool IsAbsent = false)
{
    public override string ToString() =>
        $"{(IsAbsent ? "no " : "")}{Selection}{(WithinMs is { } ms ? $" within {DurationWords.Of(ms)}" : "")}";
}
