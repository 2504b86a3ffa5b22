namespace Segmentation.Tests.Oracle;

/// <summary>
/// Every instant at which the passing of time can make a difference to a rule, with the milliseconds around it: when an event occurs, when
/// one falls out of a window of the rule, when an age passes a break point.
/// </summary>
public static class RelevantInstants
{
    public static List<long> Of(Spec spec, IReadOnlyList<PlainEvent> events) => Around(Delays(spec), events);

    public static List<long> Of(PolicySpec policy, IReadOnlyList<PlainEvent> events) => Around(Delays(policy), events);

    private static List<long> Around(IEnumerable<long> delays, IReadOnlyList<PlainEvent> events) =>
        delays.Append(0L).Distinct()
            .SelectMany(delay => events.Select(e => e.Time + delay))
            .SelectMany(instant => (long[])[instant - 1, instant, instant + 1])
            .Distinct().Order().ToList();

    private static IEnumerable<long> Delays(Spec spec) => spec switch
    {
        GroupSpec group => group.Children.SelectMany(Delays),
        EventSpec { Within: { } within, Younger: var younger } => [younger, within],
        SegmentSpec segment => Delays(segment.Rule),
        RfmSpec rfm => Delays(rfm.Policy),
        _ => [],
    };

    private static IEnumerable<long> Delays(PolicySpec policy) => (policy.Recency ?? []).Append(policy.Window);
}
