namespace Segmentation;

/// <summary>Holds when the profile's properties satisfy the predicate. Time alone never changes it.</summary>
public sealed class PropertyRule(PropertyPredicate predicate) : Rule
{
    public PropertyPredicate Predicate { get; } = predicate ?? throw new ArgumentNullException(nameof(predicate));

    public override Verdict Evaluate(Evaluation e) => new(Predicate.Holds(e.Profile.Properties), Verdict.Never, this);

    public override string Key => "property";

    public override string ToString() => Predicate.ToString();

    private protected override string Finding(Evaluation e) =>
        e.Profile.Properties.TryGetValue(Predicate.Name, out var value) ? $"{Predicate.Name} is {value}" : $"{Predicate.Name} is missing";

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddProfileProperty(Predicate.Name);
}
