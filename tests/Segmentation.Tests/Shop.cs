namespace Segmentation.Tests;

/// <summary>Short words for the tables of the tests: days from a fixed start, events of one profile, rules on them.</summary>
internal static class Shop
{
    public const long Day = 86_400_000;

    /// <summary>2026-01-01T00:00:00Z.</summary>
    public const long Start = 1_767_225_600_000;

    public static long At(double day) => Start + (long)(day * Day);

    public static CustomerEvent Order(
        string id, double day, decimal? value = null, PropertyBag? properties = null, string name = "placed_order") =>
        new(id, name, "ada", At(day), value, properties);

    public static CustomerEvent Refund(string id, double day, string? refunds, decimal? value = null) =>
        new(id, "refunded_order", "ada", At(day), value, null, refunds);

    public static Profile Ada(params IEnumerable<CustomerEvent> events)
    {
        var profile = new Profile("ada");
        foreach (var e in events)
            profile.Add(e);
        return profile;
    }

    public static EventRule Orders(Aggregate aggregate, Comparison comparison, double? withinDays, params PropertyPredicate[] where) =>
        new(
            new EventSelection("placed_order", where),
            aggregate,
            "value",
            comparison,
            withinDays is { } days ? Timeframe.Within((long)(days * Day)) : Timeframe.Ever);

    public static EventRule Count(Comparison comparison, double? withinDays = null, params PropertyPredicate[] where) =>
        Orders(Aggregate.Count, comparison, withinDays, where);

    public static Verdict Evaluate(Profile profile, Rule rule, double day)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, At(day));
        return evaluation.Evaluate(new SegmentDefinition("segment", rule));
    }

    /// <summary>The day of the next change; null for never.</summary>
    public static double? NextDay(Verdict verdict) =>
        verdict.NextChangeMs == Verdict.Never ? null : (verdict.NextChangeMs - Start) / (double)Day;
}
