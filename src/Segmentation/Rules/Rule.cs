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

    internal abstract void CollectDependencies(RuleDependencies.Collector into);
}
