using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>Reads what Klaviyo asks of the occurrences of a metric: when, and with which properties.</summary>
internal static class EventFilters
{
    /// <summary>Klaviyo's name for the amount of an event.</summary>
    public const string Amount = "$value";

    public static void Timeframe(SourceObject filter, TimeframeSpec target, ImportScope scope)
    {
        NumberFilter.RequireType(filter, "date");
        switch (filter.Text("operator"))
        {
            case "alltime":
                break;
            case "in-the-last":
                target.Within = SourceTimes.Duration(filter, "quantity", scope);
                break;
            case "between" when SourceTimes.Ages(filter, scope) is var (younger, older):
                target.Within = younger is null ? older : null;
                target.Between = younger is null ? null : [younger, older];
                break;
            case "at-least":
                string age = SourceTimes.Duration(filter, "quantity", scope);
                string longest = DurationText.Format(DurationText.MaxMs);
                if (DurationText.ParseMs(age) == DurationText.MaxMs)
                    throw filter.Lost("quantity", age, $"as long ago as can be asked for, {longest}", "choose a shorter time");
                target.Between = [age, longest];
                scope.Check(
                    filter.At("operator"), $"at least {age} ago", $"events that are {longest} old or older do not count", "nothing, if yours are younger");
                break;
            case "before":
                target.Before = SourceTimes.Date(filter, "date");
                break;
            case "after":
                target.After = SourceTimes.Date(filter, "date");
                break;
            case "between-static":
                (target.From, target.To) = SourceTimes.Range(filter);
                break;
            case "in-the-next":
                throw SourceTimes.NotHere(filter, "events, which count when they have happened");
            default:
                throw SourceTimes.NotHere(filter, "events");
        }
    }

    /// <summary>The tests of the event's own properties; null for none.</summary>
    public static IReadOnlyList<WhereSpec>? Where(IEnumerable<SourceObject> filters, ImportScope scope)
    {
        var where = new List<WhereSpec>();
        foreach (SourceObject source in filters)
        {
            if (where.Count == EventConditionSpec.WhereItemsMax)
            {
                throw new NotCarriedOverException(
                    source.Path, "this filter", $"one more than the {EventConditionSpec.WhereItemsMax} that a condition takes", "leave one out");
            }
            if (Where(source, scope) is { } test)
                where.Add(test);
        }
        return where.Count == 0 ? null : where;
    }

    private static WhereSpec? Where(SourceObject source, ImportScope scope)
    {
        string property = source.Text("property");
        if (property == Amount)
        {
            throw source.Lost(
                "property", $"a filter on {Amount}", "the value of an event cannot be filtered by, other than for at least once or never by a bound",
                "send the value as a property of the event, too, and test that");
        }
        if (property.Length is 0 or > PropertyBag.MaxNameLength)
            throw source.Lost("property", "this property", $"not of 1 to {PropertyBag.MaxNameLength} characters", "rename it");
        if (source.ObjectOrNull("filter") is not { } filter)
        {
            scope.Check(source.Path, $"property {property}", "has no filter, so it restricts nothing", "see what it is for in Klaviyo");
            return null;
        }
        var test = new WhereSpec { Property = property };
        if (filter.Text("type") == "date")
            Date(filter, test);
        else if (ValueFilter.Read(filter, test))
        {
            throw filter.NotKnown(
                "operator", filter.Text("operator"), "of events, the opposite of all elements of a list cannot be asked for");
        }
        return test;
    }

    private static void Date(SourceObject filter, WhereSpec test)
    {
        switch (filter.Text("operator"))
        {
            case "before":
                test.Before = SourceTimes.Date(filter, "date");
                break;
            case "after":
                test.After = SourceTimes.Date(filter, "date");
                break;
            default:
                throw SourceTimes.NotHere(filter, "a property of an event");
        }
    }
}
