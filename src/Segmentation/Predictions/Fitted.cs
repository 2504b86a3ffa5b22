namespace Segmentation;

/// <summary>A model with how it came about.</summary>
/// <param name="Model">With the likeliest parameters.</param>
/// <param name="StandardErrors">Of the parameters, in the order of the model's constructor; null where the customers do not tell them apart.</param>
/// <param name="LogLikelihood">The natural logarithm of the likelihood at the parameters, over all customers.</param>
/// <param name="Customers">How many it was fitted to.</param>
public sealed record Fitted<TModel>(TModel Model, IReadOnlyList<double>? StandardErrors, double LogLikelihood, long Customers);

/// <summary>Fits the models to customers.</summary>
public static class ModelFit
{
    // Where fits of real shops lie, from rare buyers who hardly ever go to frequent ones who soon do.
    private static readonly double[][] BgNbdStarts = [[0.3, 5, 0.8, 2.5], [1, 10, 1, 5], [3, 30, 0.2, 4]];

    // p and q - 1; v follows, so that the mean is right.
    private static readonly (double P, double QMinus1)[] GammaGammaStarts = [(5, 2.5), (1, 1), (15, 10)];

    /// <summary>Null without repeat purchases, which the model is about, and when no maximum is found.</summary>
    public static Fitted<BgNbd>? OfBgNbd(PurchaseSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Repeats == 0)
            return null;
        var likelihood = new BgNbdLikelihood(sample);
        return MaximumLikelihood.Fit(likelihood, BgNbdStarts) is [var r, var alpha, var a, var b] found
            ? Of(likelihood, found, new BgNbd(r, alpha, a, b))
            : null;
    }

    /// <summary>Null without repeat purchases that are worth more than nothing, and when no maximum is found.</summary>
    public static Fitted<GammaGamma>? OfGammaGamma(PurchaseSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.ValuedCustomers == 0)
            return null;
        var likelihood = new GammaGammaLikelihood(sample);
        var starts = GammaGammaStarts.Select(start => new[] { start.P, start.QMinus1, likelihood.MeanValue * start.QMinus1 / start.P });
        return MaximumLikelihood.Fit(likelihood, starts) is [var p, var qMinus1, var v] found
            ? Of(likelihood, found, new GammaGamma(p, 1 + qMinus1, v))
            : null;
    }

    private static Fitted<TModel> Of<TModel>(ILikelihood likelihood, double[] found, TModel model) => new(
        model, MaximumLikelihood.StandardErrors(likelihood, found), likelihood.Logarithm(found, []), likelihood.Customers);
}
