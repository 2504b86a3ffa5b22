using MathNet.Numerics;

namespace Segmentation;

/// <summary>The likelihood of <see cref="GammaGamma"/>, parameters in the order p, q − 1, v: formula (1a) of the note.</summary>
internal sealed class GammaGammaLikelihood : ILikelihood
{
    private readonly RepeatSpending[] spending;
    private readonly (int Purchases, int End)[] runs;
    private readonly double[] sumsOfLogarithms;

    public GammaGammaLikelihood(PurchaseSample sample)
    {
        spending = sample.Spending();
        runs = [.. spending.Select((customer, i) => (customer.Purchases, End: i + 1)).GroupBy(at => at.Purchases, (x, run) => (x, run.Last().End))];
        sumsOfLogarithms = new double[runs.Length];
        for (var (run, i) = (0, 0); run < runs.Length; run++)
        {
            for (; i < runs[run].End; i++)
                sumsOfLogarithms[run] += Math.Log(spending[i].Value);
        }

        MeanValue = spending.Sum(customer => customer.Value) / spending.Sum(customer => (double)customer.Purchases);
        Bounds = [(1e-3, 1e4), (1e-3, 1e4), (MeanValue * 1e-6, MeanValue * 1e6)];
    }

    public long Customers => spending.Length;

    /// <summary>Of all repeat purchases.</summary>
    public double MeanValue { get; }

    public IReadOnlyList<(double Least, double Most)> Bounds { get; }

    public double Logarithm(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var (p, q, v) = (parameters[0], 1 + parameters[1], parameters[2]);
        var (qGamma, qPsi, vLogarithm) = (SpecialFunctions.GammaLn(q), SpecialFunctions.DiGamma(q), Math.Log(v));
        var (sum, byP, byQ, byV) = (0.0, 0.0, 0.0, 0.0);
        var i = 0;
        for (var run = 0; run < runs.Length; run++)
        {
            var (purchases, end) = runs[run];
            var (logarithms, reciprocals, customers) = (0.0, 0.0, end - i);
            for (; i < end; i++)
            {
                logarithms += Math.Log(v + spending[i].Value);
                reciprocals += 1 / (v + spending[i].Value);
            }

            var shape = p * purchases;
            sum += (customers * (SpecialFunctions.GammaLn(shape + q) - SpecialFunctions.GammaLn(shape) - qGamma + (q * vLogarithm) + Math.Log(purchases)))
                + ((shape - 1) * sumsOfLogarithms[run]) - ((shape + q) * logarithms);
            var psi = SpecialFunctions.DiGamma(shape + q);
            byP += purchases * ((customers * (psi - SpecialFunctions.DiGamma(shape))) + sumsOfLogarithms[run] - logarithms);
            byQ += (customers * (psi - qPsi + vLogarithm)) - logarithms;
            byV += (customers * q / v) - ((shape + q) * reciprocals);
        }

        if (!gradient.IsEmpty)
            (gradient[0], gradient[1], gradient[2]) = (byP, byQ, byV);
        return sum;
    }
}
