using Kubernetes.Model;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>What an RfmPolicy's status says of its model.</summary>
internal static class PredictionStatus
{
    /// <summary>The condition that is there while a policy predicts.</summary>
    public const string Condition = "PredictionsReady";

    private const int SignificantDigits = 6;
    private const int ValueDecimals = 4;

    public static RfmPredictionsStatus? Of(ModelEntry? entry) => entry?.Model is not { } model
        ? null
        : new RfmPredictionsStatus
        {
            FittedAt = DateTimeOffset.FromUnixTimeMilliseconds(model.FittedAtMs / 1000 * 1000),
            Customers = model.Purchases.Customers,
            Purchases = Fit(model.Purchases, ("r", model.Purchases.Model.R), ("alpha", model.Purchases.Model.Alpha), ("a", model.Purchases.Model.A), ("b", model.Purchases.Model.B)),
            Values = model.Values is not { } values ? null : Fit(values, ("p", values.Model.P), ("q", values.Model.Q), ("v", values.Model.V)),
            HoldOut = model.HoldOut is not { } holdOut ? null : new RfmHoldOutStatus
            {
                Days = holdOut.Days,
                Customers = holdOut.Customers,
                ExpectedPurchases = Math.Round((decimal)holdOut.ExpectedPurchases, 1),
                ActualPurchases = holdOut.ActualPurchases,
                ErrorPercent = ErrorPercent((decimal)holdOut.ExpectedPurchases, holdOut.ActualPurchases),
                Values = holdOut.Values is not { } ofValues ? null : Of(ofValues),
                Tracking = holdOut.Tracking is not { } tracking ? null : new RfmTrackingStatus
                {
                    From = DateTimeOffset.FromUnixTimeMilliseconds(tracking.FirstDay * PurchaseSummary.DayMs),
                    DaysPerPeriod = tracking.DaysPerPeriod,
                    HeldOut = tracking.HeldOut,
                    Expected = [.. tracking.Expected.Select(expected => Math.Round((decimal)expected, 1))],
                    Actual = tracking.Actual,
                },
            },
        };

    /// <summary>Sets <see cref="Condition"/>, or takes it away when nothing is predicted.</summary>
    public static void SetCondition(IList<Condition> conditions, RfmPredictionsSpec? wanted, ModelEntry? entry, long generation, DateTimeOffset now)
    {
        if (wanted is null)
        {
            Conditions.Remove(conditions, Condition);
            return;
        }
        var (status, reason, message) = entry?.Terms is null
            ? (Conditions.Unknown, "Fitting", "The purchases of every profile are being read.")
            : entry.Shortfalls.Count == 0
                ? (Conditions.True, "Fitted", "The model is fitted to the purchases.")
                : (entry.Model is null ? Conditions.False : Conditions.True, "InsufficientData", Message(entry));
        Conditions.Set(conditions, Condition, status, reason, message, generation, now);
    }

    private static RfmValueHoldOutStatus Of(ValueHoldOut test)
    {
        var (expected, actual) = (Math.Round((decimal)test.ExpectedAverageValue, ValueDecimals), Math.Round((decimal)test.ActualAverageValue, ValueDecimals));
        return new RfmValueHoldOutStatus
        {
            Customers = test.Customers,
            ExpectedAverageValue = expected,
            ActualAverageValue = actual,
            ErrorPercent = ErrorPercent(expected, actual),
            MeanAbsoluteError = Math.Round((decimal)test.MeanAbsoluteError, ValueDecimals),
        };
    }

    private static decimal? ErrorPercent(decimal expected, decimal actual) => actual == 0 ? null : Math.Round(((expected / actual) - 1) * 100, 1);

    private static string Message(ModelEntry entry) =>
        PredictionShortfallText.Of(entry.Shortfalls) + (entry.Model is null ? "" : " The last model stays in force.");

    private static RfmFitStatus Fit<TModel>(Fitted<TModel> fitted, params ReadOnlySpan<(string Name, double Value)> parameters)
    {
        var list = new List<RfmParameterStatus>();
        for (var i = 0; i < parameters.Length; i++)
        {
            list.Add(new RfmParameterStatus
            {
                Name = parameters[i].Name,
                Value = Rounded(parameters[i].Value),
                StandardError = fitted.StandardErrors is { } errors ? Rounded(errors[i]) : null,
            });
        }
        return new RfmFitStatus { Parameters = list, LogLikelihood = Math.Round((decimal)fitted.LogLikelihood, 2), Customers = fitted.Customers };
    }

    private static decimal Rounded(double value)
    {
        var decimals = SignificantDigits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return Math.Round((decimal)value, Math.Clamp(decimals, 0, 15));
    }
}
