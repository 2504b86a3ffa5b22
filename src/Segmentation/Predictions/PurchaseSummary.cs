using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// What the models read of a customer's purchases. All purchases of one UTC day are one, worth what they come to together and standing at the
/// beginning of that day; the first one starts the customer's time, and those that follow are repeats.
/// </summary>
/// <param name="FirstDay">The day of the first purchase, counted from the Unix epoch.</param>
/// <param name="LastDay">The day of the last one.</param>
/// <param name="Repeats">How many days with a purchase follow the first.</param>
/// <param name="ValuedRepeats">How many of these are worth more than nothing.</param>
/// <param name="RepeatValue">What those come to.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PurchaseSummary(long FirstDay, long LastDay, int Repeats, int ValuedRepeats, double RepeatValue)
{
    /// <summary>Milliseconds in a day.</summary>
    public const long DayMs = 86_400_000;

    /// <summary>Milliseconds in a week, the models' unit of time.</summary>
    public const long WeekMs = 7 * DayMs;

    /// <summary>From the first purchase to the last.</summary>
    public double RecencyWeeks => (LastDay - FirstDay) / 7.0;

    /// <summary>From the first purchase to an instant; never less than <see cref="RecencyWeeks"/>.</summary>
    public double AgeWeeks(long instantMs) => Math.Max(RecencyWeeks, (instantMs - (FirstDay * DayMs)) / (double)WeekMs);

    /// <summary>The day, counted from the Unix epoch, that an instant lies in.</summary>
    public static long DayOf(long instantMs) => Math.DivRem(instantMs, DayMs, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>Null when there is no purchase up to the day.</summary>
    /// <param name="purchases">In order of time.</param>
    /// <param name="throughDay">The last day that is looked at, counted from the Unix epoch.</param>
    public static PurchaseSummary? Of(ReadOnlySpan<Purchase> purchases, long throughDay = long.MaxValue)
    {
        if (purchases.IsEmpty || DayOf(purchases[0].AtMs) > throughDay)
            return null;
        var firstDay = DayOf(purchases[0].AtMs);
        var day = firstDay;
        var (repeats, valued) = (0, 0);
        var (ofDay, total) = (0m, 0m);
        foreach (var purchase in purchases)
        {
            var next = DayOf(purchase.AtMs);
            if (next > throughDay)
                break;
            if (next != day)
            {
                Close();
                (day, ofDay) = (next, 0m);
                repeats++;
            }

            ofDay += purchase.Amount;
        }

        Close();
        return new PurchaseSummary(firstDay, day, repeats, valued, (double)total);

        void Close()
        {
            if (day == firstDay || ofDay <= 0)
                return;
            valued++;
            total += ofDay;
        }
    }
}
