namespace Segmentation.Operator.Audiences;

/// <summary>
/// Where a segment's members go. One instance serves one AudienceSync; its calls never overlap. docs/webhooks.md tells how to add one.
/// </summary>
internal interface IAudienceDestination
{
    /// <summary>Whether a delivery could be tried now. Sends nothing.</summary>
    /// <returns>Null, or what is missing (<see cref="DeliveryOutcome.Misconfigured"/>).</returns>
    Task<DeliveryResult?> CheckAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Tries once to deliver a batch. The same batch may come again after it was accepted: the process may end before that is written down.
    /// Failures are results; exceptions are bugs, except a cancellation by the caller.
    /// </summary>
    Task<DeliveryResult> DeliverAsync(AudienceBatch batch, CancellationToken cancellationToken);
}
