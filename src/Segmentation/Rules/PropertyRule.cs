namespace Segmentation;

/// <summary>Holds when the profile's properties satisfy the predicate. Time alone never changes it.</summary>
public sealed class PropertyRule(PropertyPredicate predicate) : Rule
{
    public PropertyPredicate Predicate { get; } = predicate ?? throw new ArgumentNullException(nameof(predicate));

    public override Verdict Evaluate(Evaluation e) => new(Predicate.Holds(e.Profile.Properties), Verdict.Never, this);

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddProfileProperty(Predicate.Name);
}
