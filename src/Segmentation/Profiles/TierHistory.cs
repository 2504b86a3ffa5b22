using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// In which tier of each RFM policy a profile is, since when, and when it last left each of the others. Kept by whoever scores, change by
/// change, for the rules that ask.
/// </summary>
public sealed class TierHistory
{
    // A profile knows a handful: a scan beats a table.
    private readonly List<Entry> entries;

    public TierHistory()
        : this([])
    {
    }

    private TierHistory(List<Entry> entries) => this.entries = entries;

    /// <summary>How many tiers are remembered, present and former ones, over all policies.</summary>
    public int Count => entries.Count;

    /// <summary>The tier that the profile is in; null for none.</summary>
    public string? TierOf(string policy) => PresentOf(policy)?.Tier;

    /// <summary>The tier that the profile is in and since when, in milliseconds since the Unix epoch; null for none.</summary>
    public (string Tier, long SinceMs)? PresentOf(string policy)
    {
        foreach (var entry in entries)
        {
            if (entry.IsPresent && entry.Policy == policy)
                return (entry.Tier, entry.AtMs);
        }

        return null;
    }

    /// <summary>When the profile last left a tier that it is not in, in milliseconds since the Unix epoch; null when it never did.</summary>
    public long? LeftAtMs(string policy, string tier)
    {
        foreach (var entry in entries)
        {
            if (!entry.IsPresent && entry.IsOf(policy, tier))
                return entry.AtMs;
        }

        return null;
    }

    /// <summary>Remembers that the profile is in the tier, or in none, from the instant on. Nothing changes when it is in it already.</summary>
    public void Enter(string policy, string? tier, long instantMs)
    {
        var present = TierOf(policy);
        if (tier == present)
            return;
        if (present is not null)
            Set(new Entry(policy, present, instantMs, IsPresent: false));
        if (tier is not null)
            Set(new Entry(policy, tier, instantMs, IsPresent: true));
    }

    /// <summary>Remembers that the profile left the tier at the instant, when it is not in it.</summary>
    public void SetLeft(string policy, string tier, long instantMs)
    {
        if (TierOf(policy) != tier)
            Set(new Entry(policy, tier, instantMs, IsPresent: false));
    }

    /// <summary>Another history that knows the same.</summary>
    public TierHistory Copy() => new([.. entries]);

    private void Set(Entry entry)
    {
        entries.RemoveAll(known => known.IsOf(entry.Policy, entry.Tier));
        entries.Add(entry);
    }

    // The instant is that of entering for the present tier, of leaving for a former one.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(string Policy, string Tier, long AtMs, bool IsPresent)
    {
        public bool IsOf(string policy, string tier) => Tier == tier && Policy == policy;
    }
}
