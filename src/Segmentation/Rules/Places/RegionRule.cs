using System.Collections.Frozen;

namespace Segmentation;

/// <summary>Holds when the property <c>region</c> is one of these texts, in any case of letters.</summary>
public sealed class RegionRule : PlaceRule
{
    private readonly FrozenSet<string> regions;

    /// <param name="regions">At least one; otherwise an <see cref="ArgumentException"/>.</param>
    public RegionRule(IReadOnlyCollection<string> regions)
    {
        ArgumentNullException.ThrowIfNull(regions);
        if (regions.Count == 0)
            throw new ArgumentException("Name at least one region.", nameof(regions));
        this.regions = regions.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public override Verdict Evaluate(Evaluation e) =>
        new(TextOf(e, RegionProperty) is { } region && regions.Contains(region), Verdict.Never, this);

    public override string ToString() => $"region in {string.Join(", ", regions.Order(StringComparer.Ordinal))}";

    private protected override string Finding(Evaluation e) => TextOf(e, RegionProperty) is { } region ? $"region is {region}" : "region is missing";

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddProfileProperty(RegionProperty);
}
