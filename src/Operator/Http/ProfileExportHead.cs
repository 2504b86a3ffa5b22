using System.Text.Json.Serialization;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary>The part of an export that is of bounded size; docs/http-api.md tells what each field holds.</summary>
internal sealed record ProfileExportHead(
    string Id,
    DateTimeOffset ExportedAt,
    [property: JsonConverter(typeof(PropertyBagConverter))] PropertyBag Properties,
    IReadOnlyDictionary<string, ConsentItem> Consent,
    IReadOnlyDictionary<string, bool> Suppressed,
    IReadOnlyList<FormerProperties> FormerProperties,
    IReadOnlyList<ExportedMembership> Memberships,
    IReadOnlyList<ExportedInstant> FormerlyEntered,
    IReadOnlyList<ExportedDimensions> Rfm,
    IReadOnlyList<ExportedTier> Tiers,
    DateTimeOffset? NextEvaluation,
    string? MergedInto,
    IReadOnlyList<string> MergedFrom)
{
    public static ProfileExportHead Of(HeldProfile held, DateTimeOffset now)
    {
        var profile = held.Stored.Profile;
        return new ProfileExportHead(
            profile.Id,
            now,
            PropertyBag.Of(profile.Properties.Where(property => !ProfileFacts.IsFact(property.Key))),
            ProfileFactItems.Consent(profile),
            ProfileFactItems.Suppressed(profile),
            [.. (profile.PropertyHistory?.Changes ?? []).GroupBy(change => change.AtMs).Select(FormerPropertiesOf)],
            [.. held.Memberships.Select(m => new ExportedMembership(m.Segment, m.Revision, m.Serves, At(m.JoinedAtMs)))],
            [.. held.Entered.Select(e => new ExportedInstant(e.Segment, At(e.AtMs)))],
            [.. held.Rfm.Select(r => new ExportedDimensions(r.Policy, r.Revision, At(r.LastPurchaseMs), r.Purchases, r.Monetary))],
            [.. held.Stored.Tiers.OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => TiersOf(t.Key, t.Value, held))],
            held.Stored.DueMs == Verdict.Never ? null : At(held.Stored.DueMs),
            held.Stored.MergedInto,
            [.. held.Stored.MergedFrom.Order(StringComparer.Ordinal)]);
    }

    private static FormerProperties FormerPropertiesOf(IGrouping<long, PropertyChange> changes) => new(
        At(changes.Key),
        PropertyBag.Of(changes.Where(c => c.Before is not null).Select(c => new KeyValuePair<string, PropertyValue>(c.Name, c.Before!.Value)), PropertyBag.MaxCountWithFacts),
        [.. changes.Where(c => c.Before is null).Select(c => c.Name)]);

    private static IEnumerable<ExportedTier> TiersOf(string policy, StoredTier stored, HeldProfile held)
    {
        if (stored.Tier.Length > 0) yield return new ExportedTier(policy, stored.Tier, At(stored.SinceMs), null);
        if (stored.Previous.Length > 0) yield return new ExportedTier(policy, stored.Previous, null, At(stored.SinceMs));
        foreach (var (_, tier, leftAtMs) in held.LeftTiers.Where(left => left.Policy == policy && left.Tier != stored.Tier && left.Tier != stored.Previous))
            yield return new ExportedTier(policy, tier, null, At(leftAtMs));
    }

    private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}

/// <summary>How properties, consent and suppression were until an instant.</summary>
/// <param name="Before">Those that changed then, with the values that they had had.</param>
/// <param name="Absent">Those that had not been there.</param>
internal sealed record FormerProperties(
    DateTimeOffset Until, [property: JsonConverter(typeof(PropertyBagConverter))] PropertyBag Before, IReadOnlyList<string> Absent);

/// <param name="Serving">False for a revision that is being built.</param>
internal sealed record ExportedMembership(string Segment, string Revision, bool Serving, DateTimeOffset JoinedAt);

/// <param name="EnteredAt">When it had last entered the segment, which it has left.</param>
internal sealed record ExportedInstant(string Segment, DateTimeOffset EnteredAt);

/// <param name="Monetary">A decimal number, as text.</param>
internal sealed record ExportedDimensions(string Policy, string Revision, DateTimeOffset LastPurchase, long Purchases, string Monetary);

/// <param name="Since">Of the present tier.</param>
/// <param name="LeftAt">Of a former one.</param>
internal sealed record ExportedTier(string Policy, string Tier, DateTimeOffset? Since, DateTimeOffset? LeftAt);
