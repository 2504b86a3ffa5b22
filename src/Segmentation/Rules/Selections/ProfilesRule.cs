using System.Collections.Frozen;

namespace Segmentation;

/// <summary>Holds for the profiles with these ids.</summary>
public sealed class ProfilesRule : Rule
{
    private readonly FrozenSet<string> ids;

    /// <param name="ids">At least one; otherwise an <see cref="ArgumentException"/>.</param>
    public ProfilesRule(IReadOnlyCollection<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
            throw new ArgumentException("Name at least one profile.", nameof(ids));
        this.ids = ids.ToFrozenSet(StringComparer.Ordinal);
    }

    public override string Key => "profiles";

    public override Verdict Evaluate(Evaluation e) => new(ids.Contains(e.Profile.Id), Verdict.Never, this);

    public override string ToString() => $"one of {ids.Count} ids";

    private protected override string Finding(Evaluation e) => ids.Contains(e.Profile.Id) ? "listed" : "not listed";

    // Of the id alone, which never changes.
    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
    }
}
