namespace Segmentation.Tests.Oracle;

/// <summary>
/// Every instant at which the passing of time can make a difference to a policy, with the milliseconds around it: when an event occurs, when
/// one falls out of the window, when an age passes a break point.
/// </summary>
public static class RelevantInstants
{
    public static List<long> Of(PolicySpec policy, IReadOnlyList<PlainEvent> events) => (policy.Recency ?? []).Append(policy.Window).Append(0L).Distinct()
        .SelectMany(delay => events.Select(e => e.Time + delay))
        .SelectMany(instant => (long[])[instant - 1, instant, instant + 1])
        .Distinct().Order().ToList();
}
