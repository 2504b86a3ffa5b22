using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-metric</c>: how often something was done, or what it came to.</summary>
internal static class MetricCondition
{
    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        var spec = new EventConditionSpec { Name = scope.EventName(condition, "metric_id") };
        EventFilters.Timeframe(condition.Object("timeframe_filter"), spec, scope);
        SourceObject comparison = condition.Object("measurement_filter");
        IReadOnlyList<SourceObject> filters = condition.Objects("metric_filters");
        string measurement = condition.Text("measurement");
        switch (measurement)
        {
            case "count":
                return [Counted(spec, NumberFilter.Read(comparison, new ComparisonSpec()), filters, scope)];
            case "sum":
                spec.Sum = NumberFilter.Read(comparison, new AggregateSpec());
                spec.Where = EventFilters.Where(filters, scope);
                return [new ConditionSpec { Event = spec }];
            default:
                throw condition.NotKnown("measurement", measurement, "not known to the importer, which has count and sum");
        }
    }

    private static ConditionSpec Counted(EventConditionSpec spec, ComparisonSpec count, IReadOnlyList<SourceObject> filters, ImportScope scope)
    {
        (bool once, bool never) = (NumberFilter.IsAtLeastOnce(count), NumberFilter.IsNever(count));
        SourceObject[] amounts = [.. filters.Where(filter => filter.Text("property") == EventFilters.Amount)];
        if (amounts is [var amount] && (once || never) && Bounded(spec, amount.Object("filter")))
        {
            spec.Where = EventFilters.Where(filters.Except(amounts), scope);
            var bounded = new ConditionSpec { Event = spec };
            return once ? bounded : ConditionTranslator.None(bounded);
        }
        spec.Where = EventFilters.Where(filters, scope);
        spec.Count = once ? null : count;
        return new ConditionSpec { Event = spec };
    }

    // Some occurrence is above a bound exactly when the largest is, and below one when the smallest is.
    private static bool Bounded(EventConditionSpec spec, SourceObject filter)
    {
        AggregateSpec bound = NumberFilter.Read(filter, new AggregateSpec());
        spec.Max = bound is { Gt: not null } or { Gte: not null } ? bound : null;
        spec.Min = bound is { Lt: not null } or { Lte: not null } ? bound : null;
        return spec.Max is not null || spec.Min is not null;
    }
}
