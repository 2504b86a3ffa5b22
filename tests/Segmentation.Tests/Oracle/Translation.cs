namespace Segmentation.Tests.Oracle;

/// <summary>The oracle's plain words as the engine's definitions.</summary>
public sealed class Translation
{
    private readonly Dictionary<PolicySpec, RfmPolicyDefinition> policies = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Spec, SegmentDefinition> segments = new(ReferenceEqualityComparer.Instance);

    public Rule Rule(Spec spec) => spec switch
    {
        GroupSpec { Kind: "all" } all => new AllOf(all.Children.Select(Rule).ToList()),
        GroupSpec { Kind: "any" } any => new AnyOf(any.Children.Select(Rule).ToList()),
        GroupSpec none => new NoneOf(none.Children.Select(Rule).ToList()),
        EventSpec leaf => new EventRule(
            new EventSelection(leaf.Name, leaf.Where.Select(Predicate).ToList()),
            AggregateOf(leaf.Aggregate),
            leaf.Of,
            ComparisonOf(leaf),
            leaf.Within is { } within ? Timeframe.Between(leaf.Younger, within) : Timeframe.Ever),
        PropertySpec leaf => new PropertyRule(Predicate(leaf.Predicate)),
        SegmentSpec leaf => new SegmentRule(Segment(leaf), leaf.IsMember),
        RfmSpec leaf => new RfmRule(Policy(leaf.Policy), leaf.Tiers.ToList()),
        _ => throw new ArgumentException("unknown", nameof(spec)),
    };

    public RfmPolicyDefinition Policy(PolicySpec spec)
    {
        if (policies.TryGetValue(spec, out var known))
            return known;
        var breakPoints = spec.Recency is null ? null : new RfmBreakPoints(spec.Recency, spec.Frequency!, spec.Monetary!);
        var tiers = spec.Preset == "classic" ? RfmTiers.Classic : RfmTiers.Lifecycle;
        var policy = new RfmPolicyDefinition("policy", spec.Purchase, spec.Amount, spec.Refund, spec.Window, tiers, breakPoints);
        policies.Add(spec, policy);
        return policy;
    }

    public static CustomerEvent Event(PlainEvent e, string profileId) =>
        new(e.Id, e.Name, profileId, e.Time, e.Value, e.Properties.Count == 0 ? null : Bag(e.Properties), e.Refunds);

    public static PropertyBag Bag(IReadOnlyDictionary<string, object> properties) =>
        PropertyBag.Of(properties.Select(p => KeyValuePair.Create(p.Key, Value(p.Value))));

    private SegmentDefinition Segment(SegmentSpec spec)
    {
        if (!segments.TryGetValue(spec.Rule, out var known))
            segments.Add(spec.Rule, known = new SegmentDefinition(spec.Name, Rule(spec.Rule)));
        return known;
    }

    private static PropertyPredicate Predicate(PredicateSpec spec) => new(
        spec.Property,
        Enum.Parse<PropertyOperator>(spec.Op, ignoreCase: true),
        spec.Operands.Select(Value).ToList(),
        spec.IncludeMissing ? OnMissing.Include : OnMissing.Exclude);

    private static PropertyValue Value(object value) => value switch
    {
        string text => text,
        decimal number => number,
        bool boolean => boolean,
        _ => (string[])value,
    };

    private static Comparison ComparisonOf(EventSpec leaf) =>
        new(Enum.Parse<ComparisonOperator>(leaf.Op, ignoreCase: true), leaf.A, leaf.Op == "between" ? leaf.B : null);

    private static Aggregate AggregateOf(string word) => word switch
    {
        "count" => Aggregate.Count,
        "sum" => Aggregate.Sum,
        "avg" => Aggregate.Average,
        "min" => Aggregate.Minimum,
        "distinct" => Aggregate.Distinct,
        "first" => Aggregate.First,
        "last" => Aggregate.Last,
        _ => Aggregate.Maximum,
    };
}
