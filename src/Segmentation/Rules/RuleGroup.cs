namespace Segmentation;

/// <summary>A rule over other rules.</summary>
public abstract class RuleGroup : Rule
{
    private readonly Rule[] children;

    private protected RuleGroup(IReadOnlyList<Rule> children)
    {
        ArgumentNullException.ThrowIfNull(children);
        if (children.Count == 0)
            throw new ArgumentException("A group needs at least one condition.", nameof(children));
        this.children = [.. children];
    }

    /// <summary>At least one, in the order written.</summary>
    public IReadOnlyList<Rule> Children => children;

    /// <summary>
    /// The verdict of a group that one child settles as soon as its answer is <paramref name="settling"/>: false for all, true for any.
    /// Settled, the group keeps its answer as long as any settling child keeps it, so until the latest of their changes. Not settled, it
    /// can change as soon as any child does.
    /// </summary>
    private protected Verdict Evaluate(Evaluation e, bool settling)
    {
        Rule? settler = null;
        var settledUntil = 0L;
        Rule? first = null;
        var changesAt = Verdict.Never;
        foreach (var child in children)
        {
            var verdict = child.Evaluate(e);
            if (verdict.Matches == settling)
            {
                settler ??= verdict.DecidedBy;
                settledUntil = Math.Max(settledUntil, verdict.NextChangeMs);
                if (settledUntil == Verdict.Never)
                    break;
            }
            else if (first is null || verdict.NextChangeMs < changesAt)
            {
                first = verdict.DecidedBy;
                changesAt = verdict.NextChangeMs;
            }
        }

        return settler is null ? new Verdict(!settling, changesAt, first) : new Verdict(settling, settledUntil, settler);
    }

    public sealed override string ToString() => $"{Key} of {children.Length}";

    private protected sealed override string Finding(Evaluation e) => $"{children.Count(child => child.Evaluate(e).Matches)} of {children.Length} hold";

    private protected sealed override IEnumerable<Explanation> ExplainParts(Evaluation e) => children.Select(child => child.Explain(e));

    internal sealed override void CollectDependencies(RuleDependencies.Collector into)
    {
        foreach (var child in children)
            child.CollectDependencies(into);
    }
}

/// <summary>Holds when every child holds.</summary>
public sealed class AllOf(IReadOnlyList<Rule> children) : RuleGroup(children)
{
    public override string Key => "all";

    public override Verdict Evaluate(Evaluation e) => Evaluate(e, settling: false);
}

/// <summary>Holds when at least one child holds.</summary>
public sealed class AnyOf(IReadOnlyList<Rule> children) : RuleGroup(children)
{
    public override string Key => "any";

    public override Verdict Evaluate(Evaluation e) => Evaluate(e, settling: true);
}

/// <summary>Holds when no child holds.</summary>
public sealed class NoneOf(IReadOnlyList<Rule> children) : RuleGroup(children)
{
    public override string Key => "none";

    public override Verdict Evaluate(Evaluation e)
    {
        var any = Evaluate(e, settling: true);
        return any with { Matches = !any.Matches };
    }
}
