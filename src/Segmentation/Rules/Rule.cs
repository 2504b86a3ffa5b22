namespace Segmentation;

/// <summary>
/// A condition on a profile at an instant: a leaf, or a group of rules. Immutable and safe to share between threads; all state of an
/// evaluation is in the <see cref="Evaluation"/>.
/// </summary>
public abstract class Rule
{
    // The set of conditions is closed: what a definition may say is decided in this project alone.
    private protected Rule()
    {
    }

    /// <summary>The answer for the profile and the instant of the pass. Reads no clock and changes nothing but the pass's memory.</summary>
    public abstract Verdict Evaluate(Evaluation e);

    /// <summary>The condition's key in a spec, such as <c>event</c>.</summary>
    public abstract string Key { get; }

    /// <summary>What is asked, in words; from the definition alone.</summary>
    public abstract override string ToString();

    /// <summary>The answer with its reasons. Slower than <see cref="Evaluate"/>, and always the same answer.</summary>
    public Explanation Explain(Evaluation e)
    {
        var verdict = Evaluate(e);
        return new Explanation(Key, ToString(), Finding(e), verdict.Matches, verdict.NextChangeMs, [.. ExplainParts(e)])
        {
            Reference = (this as SegmentRule)?.Segment.Name,
        };
    }

    /// <summary>What was found of the profile, in words with the numbers; empty where the parts say it all.</summary>
    private protected abstract string Finding(Evaluation e);

    private protected virtual IEnumerable<Explanation> ExplainParts(Evaluation e) => [];

    internal abstract void CollectDependencies(RuleDependencies.Collector into);
}
