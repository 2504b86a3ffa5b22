namespace Segmentation.Operator.Audiences;

internal enum DeliveryOutcome
{
    /// <summary>The destination has the whole batch.</summary>
    Accepted,

    /// <summary>No answer, or one that says "not now": tried again with growing waits.</summary>
    Unreachable,

    /// <summary>Refused for what it is, such as a wrong secret that somebody is about to mend: tried again with growing waits.</summary>
    Rejected,

    /// <summary>Too big: sent in halves.</summary>
    TooLarge,

    /// <summary>The destination wants nothing any more: not tried again until the spec changes.</summary>
    Gone,

    /// <summary>Something that the delivery needs, such as a Secret, is missing: looked for again.</summary>
    Misconfigured,
}

/// <summary>What came of one attempt.</summary>
/// <param name="Reason">A condition's reason; empty when accepted.</param>
/// <param name="Error">A few words such as "HTTP 503"; goes into statuses and logs, so it names no secret, no profile and no query string.</param>
/// <param name="RetryAfter">How long the destination asks to wait, or null.</param>
internal sealed record DeliveryResult(DeliveryOutcome Outcome, string Reason = "", string Error = "", TimeSpan? RetryAfter = null)
{
    public static DeliveryResult Accepted { get; } = new(DeliveryOutcome.Accepted);

    public static DeliveryResult Unreachable(string error, TimeSpan? retryAfter = null) =>
        new(DeliveryOutcome.Unreachable, AudienceReasons.DestinationUnreachable, error, retryAfter);

    public static DeliveryResult Rejected(string error, TimeSpan? retryAfter = null) =>
        new(DeliveryOutcome.Rejected, AudienceReasons.DestinationRejected, error, retryAfter);

    public static DeliveryResult TooLarge(string error) => new(DeliveryOutcome.TooLarge, AudienceReasons.DestinationRejected, error);

    public static DeliveryResult Gone(string error) => new(DeliveryOutcome.Gone, AudienceReasons.DestinationGone, error);

    public static DeliveryResult Misconfigured(string reason, string error) => new(DeliveryOutcome.Misconfigured, reason, error);
}
