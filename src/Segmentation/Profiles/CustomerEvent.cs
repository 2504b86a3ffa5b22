namespace Segmentation;

/// <summary>Something that a customer did, as a producer reports it.</summary>
/// <param name="Id">Unique per workspace: the same id twice counts once.</param>
/// <param name="Name">What happened, such as <c>placed_order</c>.</param>
/// <param name="ProfileId">Who did it.</param>
/// <param name="OccurredAtMs">When, in milliseconds since the Unix epoch, UTC.</param>
/// <param name="Value">The amount, exact decimal; null when the event carries none.</param>
/// <param name="Properties">Everything else that rules may filter on.</param>
/// <param name="Refunds">
/// The id of an earlier event whose contribution this one takes back, from <paramref name="OccurredAtMs"/> on. It may arrive before that event.
/// Without a <paramref name="Value"/>, or with one at least as large as the event's, the whole event is taken back and no longer counts;
/// a smaller one lowers that event's value and leaves it counted.
/// </param>
public sealed record CustomerEvent(
    string Id,
    string Name,
    string ProfileId,
    long OccurredAtMs,
    decimal? Value = null,
    PropertyBag? Properties = null,
    string? Refunds = null);
