using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// Gathers the customers of a workspace and fits the models to them, as known at the end of the last day that is over. Deterministic: neither
/// the order of the customers nor the time of day matters.
/// </summary>
public sealed class PredictionTraining
{
    private readonly PredictionTerms terms;
    private readonly PurchaseSample sample;
    private readonly PurchaseSample calibration;
    private readonly RepeatCounts repeats = new();
    private readonly HeldOutSpending spending = new();
    private readonly List<Purchase> purchasesOfOne = [];
    private readonly List<Purchase> knownBefore = [];
    private long heldOut;

    /// <param name="nowMs">As of when, in milliseconds since the Unix epoch.</param>
    /// <param name="terms">What is to be predicted, and what that takes.</param>
    public PredictionTraining(long nowMs, PredictionTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        this.terms = terms;
        sample = new PurchaseSample(PurchaseSummary.DayOf(nowMs) - 1);
        calibration = new PurchaseSample(sample.ThroughDay - HoldOutDays(terms));
    }

    /// <summary>Adds a customer of whose purchases none was ever taken back. Purchases of days that are not over are left out.</summary>
    /// <param name="purchases">In order of time.</param>
    public void Add(ReadOnlySpan<Purchase> purchases)
    {
        AddKnown(purchases);
        AddHeldOut(purchases);
    }

    /// <summary>Adds a customer, by the purchases that the policy counts at the end of the last day that is over.</summary>
    public void Add(RfmPolicyDefinition policy, Profile profile)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(profile);
        var endMs = EndOf(sample.ThroughDay);
        RfmScoring.CollectPurchases(policy, profile, endMs, purchasesOfOne);
        AddKnown(CollectionsMarshal.AsSpan(purchasesOfOne));

        // What was taken back or refunded in the last days was not known before them.
        RfmScoring.CollectPurchases(policy, profile, endMs - policy.WindowMs, EndOf(calibration.ThroughDay), knownBefore);
        knownBefore.AddRange(purchasesOfOne.Where(purchase => PurchaseSummary.DayOf(purchase.AtMs) > calibration.ThroughDay));
        AddHeldOut(CollectionsMarshal.AsSpan(knownBefore));
    }

    /// <summary>Fits the models, or says what is missing.</summary>
    public PredictionReport Finish()
    {
        var shortfalls = Shortfalls().ToList();
        if (shortfalls.Count > 0)
            return new PredictionReport(sample.Customers, null, null, null, null, shortfalls);
        if (ModelFit.OfBgNbd(sample) is not { } purchases)
            return new PredictionReport(sample.Customers, null, null, null, null, [new(PredictionNeed.Maximum, 0, 0)]);
        var values = sample.ValuedCustomers >= terms.MinRepeatCustomers ? ModelFit.OfGammaGamma(sample) : null;
        return new PredictionReport(
            sample.Customers, new PurchaseModel(purchases.Model, values?.Model, terms.HorizonMs), purchases, values, Test(values is not null), []);
    }

    private void AddKnown(ReadOnlySpan<Purchase> purchases)
    {
        if (PurchaseSummary.Of(purchases, sample.ThroughDay) is { } known)
            sample.Add(known);
    }

    private void AddHeldOut(ReadOnlySpan<Purchase> purchases)
    {
        if (PurchaseSummary.Of(purchases, calibration.ThroughDay) is not { } before)
            return;
        var known = PurchaseSummary.Of(purchases, sample.ThroughDay)!.Value;
        calibration.Add(before);
        heldOut += known.Repeats - before.Repeats;
        repeats.Add(purchases, sample.ThroughDay);
        spending.Add(before, known);
    }

    // The last millisecond of a day.
    private static long EndOf(long day) => ((day + 1) * PurchaseSummary.DayMs) - 1;

    private IEnumerable<PredictionShortfall> Shortfalls()
    {
        if (sample.Customers < terms.MinCustomers)
            yield return new(PredictionNeed.Customers, sample.Customers, terms.MinCustomers);
        if (sample.RepeatCustomers < terms.MinRepeatCustomers)
            yield return new(PredictionNeed.RepeatCustomers, sample.RepeatCustomers, terms.MinRepeatCustomers);
        var historyMs = sample.EarliestDay is { } first ? (sample.ThroughDay + 1 - first) * PurchaseSummary.DayMs : 0;
        if (historyMs < terms.MinHistoryMs)
            yield return new(PredictionNeed.HistoryMs, historyMs, terms.MinHistoryMs);
        var quietMs = sample.LatestDay is { } last ? (sample.ThroughDay - last) * PurchaseSummary.DayMs : 0;
        if (quietMs > terms.MaxQuietMs)
            yield return new(PredictionNeed.QuietMs, quietMs, terms.MaxQuietMs);
    }

    // The same models, fitted to what was known a while ago, are asked what came since.
    private HoldOut? Test(bool withValues)
    {
        if (ModelFit.OfBgNbd(calibration)?.Model is not { } model)
            return null;
        var days = HoldOutDays(terms);
        var expected = 0.0;
        foreach (var (pattern, customers) in calibration.Patterns())
            expected += customers * model.ExpectedPurchases(pattern.Repeats, pattern.RecencyDays / 7.0, pattern.AgeDays / 7.0, days / 7.0);
        return new HoldOut(days, calibration.Customers, expected, heldOut)
        {
            Tracking = repeats.Track(model, calibration.ThroughDay, sample.ThroughDay),
            Values = withValues && ModelFit.OfGammaGamma(calibration) is { } values ? spending.Test(values.Model) : null,
        };
    }

    // As long as what is predicted, but never so long that too little is left to learn from.
    private static int HoldOutDays(PredictionTerms terms) =>
        (int)Math.Max(1, Math.Min(terms.HorizonMs, terms.MinHistoryMs / 2) / PurchaseSummary.DayMs);
}

/// <summary>What is to be predicted, and what that takes.</summary>
/// <param name="HorizonMs">The time to come in which purchases are expected.</param>
/// <param name="MinCustomers">So many customers; at least 1.</param>
/// <param name="MinRepeatCustomers">So many that bought on more than one day; at least 1.</param>
/// <param name="MinHistoryMs">So long since the first purchase of any.</param>
/// <param name="MaxQuietMs">At most so long since the last purchase of any.</param>
public sealed record PredictionTerms(long HorizonMs, int MinCustomers, int MinRepeatCustomers, long MinHistoryMs, long MaxQuietMs);

/// <summary>What became of fitting the models.</summary>
/// <param name="Customers">How many customers there are.</param>
/// <param name="Model">Null when something is missing.</param>
/// <param name="Purchases">How its first part came about.</param>
/// <param name="Values">How its second part came about; null when too few repeat purchases have amounts.</param>
/// <param name="HoldOut">How good it would have been; null when too little was known before.</param>
/// <param name="Shortfalls">What is missing; empty when there is a model.</param>
public sealed record PredictionReport(
    long Customers,
    PurchaseModel? Model,
    Fitted<BgNbd>? Purchases,
    Fitted<GammaGamma>? Values,
    HoldOut? HoldOut,
    IReadOnlyList<PredictionShortfall> Shortfalls);

/// <summary>The repeat purchases of the last days, as the model expects them that is fitted to the time before, and as they came.</summary>
/// <param name="Days">How many days.</param>
/// <param name="Customers">Whose purchases: those who had bought before.</param>
/// <param name="ExpectedPurchases">Of all of them together.</param>
/// <param name="ActualPurchases">Days with a purchase, of all of them together.</param>
public sealed record HoldOut(int Days, long Customers, double ExpectedPurchases, long ActualPurchases)
{
    /// <summary>The same customers from the first purchase of any on; null where it was not kept.</summary>
    public RepeatTracking? Tracking { get; init; }

    /// <summary>What a purchase was worth; null without a model of values, and when none of these customers bought for more than nothing.</summary>
    public ValueHoldOut? Values { get; init; }
}

/// <summary>Something that models cannot be fitted without.</summary>
/// <param name="Need">What.</param>
/// <param name="Have">How much there is.</param>
/// <param name="Wanted">How much there should be: at least, of <see cref="PredictionNeed.QuietMs"/> at most.</param>
public sealed record PredictionShortfall(PredictionNeed Need, long Have, long Wanted);

public enum PredictionNeed
{
    Customers,

    /// <summary>Customers that bought on more than one day.</summary>
    RepeatCustomers,

    /// <summary>Milliseconds since the first purchase of any.</summary>
    HistoryMs,

    /// <summary>Milliseconds since the last purchase of any.</summary>
    QuietMs,

    /// <summary>Parameters that explain the purchases best. Nothing is counted.</summary>
    Maximum,
}
