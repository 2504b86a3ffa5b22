using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal sealed partial class BruteForce
{
    private bool EventHolds(string segment, EventConditionSpec spec, long t)
    {
        if (Timeframe(segment, spec, t) is not { } inTime)
            return false;
        var counted = Counted(segment, spec.Name, spec.Where, t).Where(e => inTime(e.At)).ToList();
        if (spec.Count is { } count)
            return Compare(counted.Count, count);
        if (spec.Distinct is { } distinct)
            return Compare(Different(counted, distinct.Of, t), distinct);
        var aggregate = spec.Sum ?? spec.Avg ?? spec.Min ?? spec.Max ?? spec.First ?? spec.Last;
        if (aggregate is null)
            return counted.Count > 0;
        var numbered = counted.Where(e => NumberOf(e, aggregate.Of, t) is not null).ToList();
        var numbers = numbered.Select(e => NumberOf(e, aggregate.Of, t)!.Value).ToList();
        if (spec.Sum is not null)
            return Compare(numbers.Sum(), aggregate);
        if (numbers.Count == 0)
            return false;
        if (spec.Avg is not null)
            return Compare(numbers.Sum(), aggregate, times: numbers.Count);
        if (spec.Min is not null)
            return Compare(numbers.Min(), aggregate);
        if (spec.Max is not null)
            return Compare(numbers.Max(), aggregate);
        var inOrder = numbered.OrderBy(e => e.At).ThenBy(e => e.Id, StringComparer.Ordinal);
        return Compare(NumberOf(spec.First is not null ? inOrder.First() : inOrder.Last(), aggregate.Of, t)!.Value, aggregate);
    }

    // What counts at t, the timeframe aside.
    private IEnumerable<PlainEvent> Counted(string segment, string name, IReadOnlyList<WhereSpec>? where, long t) => profile.Events
        .Where(e => e.Name == name && e.At <= t && !IsTakenBack(e, t))
        .Where(e => where is null || where.All(test => Satisfies(segment, e.Properties.GetValueOrDefault(test.Property), test)));

    private IEnumerable<PlainEvent> RefundsOf(PlainEvent e, long t) => profile.Events.Where(r => r.Refunds == e.Id && r.At <= t);

    // A refund without a value takes everything back, and one of an event without a value, too.
    private bool IsTakenBack(PlainEvent e, long t)
    {
        var refunds = RefundsOf(e, t).ToList();
        return refunds.Count > 0
            && (e.Value is null || refunds.Exists(r => r.Value is null) || refunds.Sum(r => Math.Abs(r.Value!.Value)) >= e.Value);
    }

    private decimal? NumberOf(PlainEvent e, string of, long t)
    {
        if (of == "value")
            return e.Value - RefundsOf(e, t).Sum(r => Math.Abs(r.Value ?? 0m));
        return e.Properties.GetValueOrDefault(of) is decimal number ? number : null;
    }

    private int Different(List<PlainEvent> counted, string of, long t)
    {
        var values = of == "value"
            ? counted.Select(e => (object?)NumberOf(e, of, t))
            : counted.Select(e => e.Properties.GetValueOrDefault(of)).SelectMany(value => value is string[] list ? list : new[] { value });
        return values.OfType<object>().Distinct().Count();
    }

    // The latest instant before t at which the customer entered.
    private long? EnteredBefore(string segment, long t) =>
        !profile.Stays.TryGetValue(segment, out var stay) ? null : stay.EnteredAt < t ? stay.EnteredAt : stay.EnteredBefore;

    /// <summary>Which instants the timeframe holds at t; null when the condition does not hold whatever happened.</summary>
    private Func<long, bool>? Timeframe(string segment, TimeframeSpec spec, long t)
    {
        if (spec.Within is { } within)
            return at => at > t - Texts.Duration(within) && at <= t;
        if (spec.Between is { } ages)
            return at => at > t - Texts.Duration(ages[1]) && at <= t - Texts.Duration(ages[0]);
        if (spec.Since is { } since)
            return at => at >= Date(segment, since) && at <= t;
        if (spec.After is { } after)
            return at => at > Date(segment, after) && at <= t;
        if (spec.Before is { } before)
            return at => at < Date(segment, before) && at <= t;
        if (spec.From is { } from)
            return at => at >= Date(segment, from) && at < Date(segment, spec.To!) && at <= t;
        if (spec.Calendar is { } phrase)
            return at => CalendarOf(segment).Has(phrase, at, t) && at <= t;
        if (spec.SinceEntering == true)
            return at => EnteredBefore(segment, t) is { } entered && at > entered && at <= t;
        if (spec.SinceProperty is { } property)
            return DateOf(segment, ValueAt(property, t)) is { } date ? at => at >= date && at <= t : null;
        return at => at <= t;
    }
}
