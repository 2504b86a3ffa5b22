using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// The repeat purchases of customers period by period, as they came and as a model expects them that knows of each customer only when he bought first.
/// </summary>
/// <param name="FirstDay">The first day of the first period, counted from the Unix epoch.</param>
/// <param name="DaysPerPeriod">Whole weeks, as few as make no more than <see cref="PeriodsMax"/> periods. The last period may be shorter.</param>
/// <param name="HeldOut">How many of the periods, the last ones, the model was not fitted to; a period begins with the first of their days.</param>
/// <param name="Expected">Per period.</param>
/// <param name="Actual">Days with a purchase, per period.</param>
public sealed record RepeatTracking(long FirstDay, int DaysPerPeriod, int HeldOut, IReadOnlyList<double> Expected, IReadOnlyList<long> Actual)
{
    public const int PeriodsMax = 60;
}

/// <summary>On which days customers bought first, and again. The order in which they are added changes nothing.</summary>
internal sealed class RepeatCounts
{
    private readonly SortedDictionary<long, int> firsts = [];
    private readonly Dictionary<long, int> repeats = [];

    /// <summary>Adds a customer.</summary>
    /// <param name="purchases">In order of time, at least one of them up to the day.</param>
    /// <param name="throughDay">The last day that is looked at, counted from the Unix epoch.</param>
    public void Add(ReadOnlySpan<Purchase> purchases, long throughDay)
    {
        var day = PurchaseSummary.DayOf(purchases[0].AtMs);
        firsts[day] = firsts.GetValueOrDefault(day) + 1;
        foreach (var purchase in purchases)
        {
            var next = PurchaseSummary.DayOf(purchase.AtMs);
            if (next > throughDay)
                break;
            if (next == day)
                continue;
            day = next;
            CollectionsMarshal.GetValueRefOrAddDefault(repeats, day, out _)++;
        }
    }

    /// <summary>Null without customers.</summary>
    /// <param name="model">What expects.</param>
    /// <param name="knownDay">The last day that it was fitted to; nobody bought first after it.</param>
    /// <param name="throughDay">The last day known.</param>
    public RepeatTracking? Track(BgNbd model, long knownDay, long throughDay)
    {
        if (firsts.Count == 0)
            return null;
        var firstDay = firsts.Keys.First();
        var days = 7;
        while (Periods(knownDay - firstDay + 1, days) + Periods(throughDay - knownDay, days) > RepeatTracking.PeriodsMax)
            days += 7;
        var (known, heldOut) = (Periods(knownDay - firstDay + 1, days), Periods(throughDay - knownDay, days));
        var start = knownDay + 1 - (known * days);
        var (expected, actual) = (new double[known + heldOut], new long[known + heldOut]);
        var (before, cache) = (0.0, new double[throughDay - firstDay + 1]);
        for (var period = 0; period < expected.Length; period++)
        {
            var end = Math.Min(start + ((period + 1L) * days) - 1, throughDay);
            var sum = firsts.Where(first => first.Key < end).Sum(first => first.Value * Repeats(end - first.Key));
            (expected[period], before) = (sum - before, sum);
        }

        foreach (var (day, count) in repeats)
            actual[(day - start) / days] += count;
        return new RepeatTracking(start, days, heldOut, expected, actual);

        double Repeats(long age) => cache[age] > 0 ? cache[age] : cache[age] = model.ExpectedRepeats(age / 7.0);

        static int Periods(long span, int days) => (int)((span + days - 1) / days);
    }
}
