namespace Segmentation.Tests.Oracle;

/// <summary>The oracle's plain words as the engine's definitions.</summary>
public static class Translation
{
    public static RfmPolicyDefinition Policy(PolicySpec spec) => new(
        "policy",
        spec.Purchase,
        spec.Amount,
        spec.Refund,
        spec.Window,
        spec.Preset == "classic" ? RfmTiers.Classic : RfmTiers.Lifecycle,
        spec.Recency is null ? null : new RfmBreakPoints(spec.Recency, spec.Frequency!, spec.Monetary!))
    {
        Frequency = spec.Days ? RfmFrequency.Days : RfmFrequency.Purchases,
        Monetary = spec.Average ? RfmMonetary.Average : RfmMonetary.Sum,
        ExcludesZeroValues = spec.NoZeros,
    };

    public static CustomerEvent Event(PlainEvent e, string profileId) =>
        new(e.Id, e.Name, profileId, e.Time, e.Value, e.Properties.Count == 0 ? null : Bag(e.Properties), e.Refunds);

    private static PropertyBag Bag(IReadOnlyDictionary<string, object> properties) =>
        PropertyBag.Of(properties.Select(p => KeyValuePair.Create(p.Key, Value(p.Value))));

    private static PropertyValue Value(object value) => value switch
    {
        string text => text,
        decimal number => number,
        bool boolean => boolean,
        _ => (string[])value,
    };
}
