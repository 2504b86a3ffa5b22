using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-property</c>: what is known about somebody.</summary>
internal static class PropertyCondition
{
    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        string name = PropertyName.Read(condition, "property", scope);
        SourceObject filter = condition.Object("filter");
        if (filter.Text("type") == "date")
            return Date(filter, new PropertyConditionSpec { Name = name }, scope);
        var spec = new PropertyConditionSpec { Name = name };
        return [ValueFilter.Read(filter, spec) ? ConditionTranslator.None(Condition(spec)) : Condition(spec)];
    }

    /// <summary>Date filters of a property; all hold.</summary>
    private static ConditionSpec[] Date(SourceObject filter, PropertyConditionSpec spec, ImportScope scope)
    {
        switch (filter.Text("operator"))
        {
            case "in-the-last":
                return [Condition(spec with { WithinLast = SourceTimes.Duration(filter, "quantity", scope) })];
            case "in-the-next":
                return [Condition(spec with { WithinNext = SourceTimes.Duration(filter, "quantity", scope) })];
            case "at-least":
                return [Condition(spec with { OlderThan = SourceTimes.Duration(filter, "quantity", scope) })];
            case "between" when SourceTimes.Ages(filter, scope) is var (younger, older):
                ConditionSpec last = Condition(spec with { WithinLast = older });
                return younger is null ? [last] : [last, Condition(spec with { OlderThan = younger })];
            case "before":
                return [Condition(spec with { Before = SourceTimes.Date(filter, "date") })];
            case "after":
                return [Condition(spec with { After = SourceTimes.Date(filter, "date") })];
            case "between-static" when SourceTimes.Range(filter) is var (_, end):
                return [Condition(spec with { After = SourceTimes.Before(filter, "start") }), Condition(spec with { Before = end })];
            case "calendar-month" when filter.Whole("value") is >= 1 and <= 12:
                return [Condition(spec with { Month = filter.Whole("value") })];
            case "calendar-month":
                throw filter.Lost("value", "this month", "not from 1 to 12", "mend the segment in Klaviyo");
            case "anniversary":
                return [ComesBack(spec, 0)];
            case "anniversary-last":
                // Klaviyo counts from now: back, today is the first of the days; ahead, tomorrow is.
                return [Condition(spec with { Anniversary = new AnniversarySpec { WithinLast = Days(filter, scope) - 1 } })];
            case "anniversary-next":
                return [ComesBack(spec, Days(filter, scope)), ConditionTranslator.None(ComesBack(spec with { OnMissing = OnMissingProperty.Include }, 0))];
            case "anniversary-month":
                return [Condition(spec with { Anniversary = new AnniversarySpec { Calendar = "this month" } })];
            default:
                throw SourceTimes.NotHere(filter, "a date");
        }
    }

    private static int Days(SourceObject filter, ImportScope scope)
    {
        int days = SourceTimes.Days(filter, "quantity", scope);
        return days <= AnniversarySpec.DaysMax
            ? days
            : throw filter.Lost(
                "quantity", $"{days} days", "more than a year, so every date comes back in them", "ask with exists instead");
    }

    private static ConditionSpec ComesBack(PropertyConditionSpec spec, int days) =>
        Condition(spec with { Anniversary = new AnniversarySpec { WithinNext = days } });

    private static ConditionSpec Condition(PropertyConditionSpec spec) => new() { Property = spec };
}
