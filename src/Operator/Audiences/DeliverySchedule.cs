namespace Segmentation.Operator.Audiences;

/// <summary>How long to wait after a failed attempt.</summary>
internal sealed class DeliverySchedule(AudienceOptions options, Random jitter)
{
    /// <param name="failures">Failed attempts in a row, at least 1.</param>
    /// <returns>
    /// What the destination asks for, up to an hour; else a time that doubles with every failure, from one second to ten minutes, and that a random
    /// half of it makes shorter, so that syncs that failed together do not come back together.
    /// </returns>
    public TimeSpan DelayAfter(int failures, DeliveryResult result)
    {
        if (result.RetryAfter is { } asked) return asked < options.LongestRetryAfter ? asked : options.LongestRetryAfter;
        var longest = result.Outcome == DeliveryOutcome.Misconfigured ? options.SecretFreshness : options.LongestBackoff;
        var wait = result.Outcome == DeliveryOutcome.TooLarge
            ? options.LongestBackoff
            : options.FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 30));
        return Min(wait, longest) * (1 - (0.5 * jitter.NextDouble()));
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
