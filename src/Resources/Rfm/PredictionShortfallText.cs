namespace Segmentation.Resources;

/// <summary>Says what a model lacks, with the field that asks for it.</summary>
public static class PredictionShortfallText
{
    /// <summary>One sentence for each; empty for none.</summary>
    public static string Of(IEnumerable<PredictionShortfall> shortfalls) => string.Join(' ', shortfalls.Select(Of));

    private static string Of(PredictionShortfall shortfall) => shortfall.Need switch
    {
        PredictionNeed.Customers => $"There are {shortfall.Have} customers of at least {shortfall.Wanted} (spec.predictions.minCustomers).",
        PredictionNeed.RepeatCustomers =>
            $"{shortfall.Have} customers bought on more than one day, of at least {shortfall.Wanted} (spec.predictions.minRepeatCustomers).",
        PredictionNeed.HistoryMs =>
            $"The first purchase is {Days(shortfall.Have)} days ago, and must be {Days(shortfall.Wanted)} (spec.predictions.minHistory).",
        PredictionNeed.QuietMs =>
            $"The last purchase is {Days(shortfall.Have)} days ago, and may be {Days(shortfall.Wanted)} (spec.predictions.maxQuiet).",
        _ => "No parameters explain these purchases better than all others.",
    };

    private static long Days(long ms) => ms / PurchaseSummary.DayMs;
}
