namespace Segmentation.Cli.Generation;

/// <param name="Customers">How many customers; each orders at least once.</param>
/// <param name="Events">How many events in all, exactly; at least <paramref name="Customers"/>.</param>
/// <param name="Seed">The same seed and settings give the same bytes.</param>
/// <param name="FromMs">The shop opens; no event is earlier.</param>
/// <param name="UntilMs">No event is at this instant or later.</param>
internal sealed record ShopSettings(int Customers, int Events, long Seed, long FromMs, long UntilMs);
