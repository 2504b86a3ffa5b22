namespace Segmentation;

/// <summary>[D, t], D being a date property of the profile. A profile without it, or whose property is no date, has no such timeframe.</summary>
public sealed class PropertyTimeframe(string property, SegmentCalendar calendar) : Timeframe
{
    public string Property { get; } = property;

    internal override bool Moves => false;

    internal override PlainTimeframe? For(Evaluation e) =>
        e.Profile.Properties.TryGetValue(Property, out var value) && PropertyDate.TryRead(value, calendar, out var dateMs)
            ? FixedTimeframe.Of(dateMs, null)
            : null;

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddProfileProperty(Property);

    public override string ToString() => $"since {Property}";
}
