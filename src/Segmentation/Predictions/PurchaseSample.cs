using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// The customers that models are fitted to, as known at the end of a day. Customers who look the same to a model are kept as one with a
/// count, so that a million take little room and time. The order in which they are added changes nothing.
/// </summary>
public sealed class PurchaseSample
{
    private readonly Dictionary<PurchasePattern, int> patterns = [];
    private readonly List<RepeatSpending> spending = [];

    /// <param name="throughDay">The last day known, counted from the Unix epoch.</param>
    public PurchaseSample(long throughDay) => ThroughDay = throughDay;

    /// <summary>The last day known, counted from the Unix epoch: ages are counted to its beginning, like the purchases of every day.</summary>
    public long ThroughDay { get; }

    public long Customers { get; private set; }

    /// <summary>Those who bought on more than one day.</summary>
    public long RepeatCustomers { get; private set; }

    /// <summary>Days with a purchase after the first, over all customers.</summary>
    public long Repeats { get; private set; }

    /// <summary>Customers with a repeat purchase that is worth more than nothing.</summary>
    public long ValuedCustomers => spending.Count;

    /// <summary>The first purchase of any; null without customers.</summary>
    public long? EarliestDay { get; private set; }

    /// <summary>The last purchase of any; null without customers.</summary>
    public long? LatestDay { get; private set; }

    /// <summary>Adds a customer.</summary>
    /// <param name="summary">Of his purchases up to <see cref="ThroughDay"/>.</param>
    public void Add(in PurchaseSummary summary)
    {
        if (summary.LastDay > ThroughDay)
            throw new ArgumentException("The summary holds purchases of later days.", nameof(summary));
        var pattern = new PurchasePattern(summary.Repeats, (int)(summary.LastDay - summary.FirstDay), (int)(ThroughDay - summary.FirstDay));
        CollectionsMarshal.GetValueRefOrAddDefault(patterns, pattern, out _)++;
        if (summary.ValuedRepeats > 0)
            spending.Add(new RepeatSpending(summary.ValuedRepeats, summary.RepeatValue));
        Customers++;
        RepeatCustomers += summary.Repeats > 0 ? 1 : 0;
        Repeats += summary.Repeats;
        EarliestDay = Math.Min(EarliestDay ?? summary.FirstDay, summary.FirstDay);
        LatestDay = Math.Max(LatestDay ?? summary.LastDay, summary.LastDay);
    }

    /// <summary>What the customers look like to <see cref="BgNbd"/>, and how many look so; in a fixed order.</summary>
    internal (PurchasePattern Pattern, int Customers)[] Patterns()
    {
        var sorted = patterns.Select(entry => (Pattern: entry.Key, Customers: entry.Value)).ToArray();
        Array.Sort(sorted, static (a, b) => a.Pattern.Key.CompareTo(b.Pattern.Key));
        return sorted;
    }

    /// <summary>What the customers with valued repeats look like to <see cref="GammaGamma"/>; in a fixed order.</summary>
    internal RepeatSpending[] Spending()
    {
        var sorted = spending.ToArray();
        Array.Sort(sorted, static (a, b) => a.Key.CompareTo(b.Key));
        return sorted;
    }
}

/// <summary>A customer as <see cref="BgNbd"/> sees him.</summary>
/// <param name="Repeats">Days with a purchase after the first.</param>
/// <param name="RecencyDays">From the first purchase to the last.</param>
/// <param name="AgeDays">From the first purchase to the last day known.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PurchasePattern(int Repeats, int RecencyDays, int AgeDays)
{
    public (int, int, int) Key => (Repeats, RecencyDays, AgeDays);
}

/// <summary>A customer as <see cref="GammaGamma"/> sees him.</summary>
/// <param name="Purchases">Repeat purchases worth more than nothing; at least one.</param>
/// <param name="Value">What they come to.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RepeatSpending(int Purchases, double Value)
{
    public (int, double) Key => (Purchases, Value);
}
