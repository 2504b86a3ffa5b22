using System.Runtime.InteropServices;
using MathNet.Numerics;

namespace Segmentation;

/// <summary>
/// The likelihood of <see cref="BgNbd"/>, parameters in the order r, alpha, a, b: formula (6) of the paper, with the two ways a customer can
/// have come to look as he does taken relative to the likelier one, so that nothing underflows however long the history is.
/// </summary>
internal sealed class BgNbdLikelihood : ILikelihood
{
    private readonly (PurchasePattern Pattern, int Customers)[] patterns;
    private readonly Term[] byRepeats;
    private readonly (double Logarithm, double Reciprocal)[] byDays;

    public BgNbdLikelihood(PurchaseSample sample)
    {
        patterns = sample.Patterns();
        Customers = sample.Customers;
        byRepeats = new Term[patterns.Max(entry => entry.Pattern.Repeats) + 1];
        foreach (var (pattern, customers) in patterns)
            byRepeats[pattern.Repeats].Customers += customers;
        byDays = new (double, double)[patterns.Max(entry => entry.Pattern.AgeDays) + 1];
    }

    public long Customers { get; }

    // Far from all that was ever published. Below a hundredth of a week for alpha, a purchase a minute would be nothing unusual.
    public IReadOnlyList<(double Least, double Most)> Bounds { get; } = [(1e-3, 1e3), (1e-2, 1e5), (1e-3, 1e3), (1e-3, 1e4)];

    internal static double LogBeta(double a, double b) =>
        SpecialFunctions.GammaLn(a) + SpecialFunctions.GammaLn(b) - SpecialFunctions.GammaLn(a + b);

    public double Logarithm(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var (r, alpha, a, b) = (parameters[0], parameters[1], parameters[2], parameters[3]);
        for (var days = 0; days < byDays.Length; days++)
            byDays[days] = (Math.Log(alpha + (days / 7.0)), 1 / (alpha + (days / 7.0)));
        Prepare(r, a, b);

        var (sum, byR, byAlpha, byA, byB) = (0.0, 0.0, 0.0, 0.0, 0.0);
        foreach (var (pattern, customers) in patterns)
        {
            ref readonly var term = ref byRepeats[pattern.Repeats];
            ref readonly var age = ref byDays[pattern.AgeDays];
            var shape = r + pattern.Repeats;
            var logarithm = term.Logarithm - (shape * age.Logarithm);
            var (forR, forAlpha, gone) = (-age.Logarithm, -shape * age.Reciprocal, 0.0);
            if (pattern.Repeats > 0)
            {
                ref readonly var recency = ref byDays[pattern.RecencyDays];
                var since = age.Logarithm - recency.Logarithm;
                var odds = term.LogOdds + (shape * since);
                gone = 1 / (1 + Math.Exp(-odds));
                logarithm += odds > 0 ? odds + Math.Log(1 + Math.Exp(-odds)) : Math.Log(1 + Math.Exp(odds));
                forR += gone * since;
                forAlpha += gone * shape * (age.Reciprocal - recency.Reciprocal);
            }

            sum += customers * logarithm;
            byR += customers * (term.ByR + forR);
            byAlpha += customers * ((r / alpha) + forAlpha);
            byA += customers * (term.ByA + (gone / a));
            byB += customers * (term.ByB - (gone > 0 ? gone / (b + pattern.Repeats - 1) : 0));
        }

        sum += Customers * r * Math.Log(alpha);
        byR += Customers * Math.Log(alpha);
        if (!gradient.IsEmpty)
            (gradient[0], gradient[1], gradient[2], gradient[3]) = (byR, byAlpha, byA, byB);
        return sum;
    }

    // What depends on the number of repeats only.
    private void Prepare(double r, double a, double b)
    {
        var (rGamma, rPsi) = (SpecialFunctions.GammaLn(r), SpecialFunctions.DiGamma(r));
        var (abPsi, bPsi) = (SpecialFunctions.DiGamma(a + b), SpecialFunctions.DiGamma(b));
        for (var repeats = 0; repeats < byRepeats.Length; repeats++)
        {
            ref var term = ref byRepeats[repeats];
            if (term.Customers == 0)
                continue;
            term.Logarithm = SpecialFunctions.GammaLn(r + repeats) - rGamma + LogBeta(a, b + repeats) - LogBeta(a, b);
            term.LogOdds = repeats > 0 ? Math.Log(a / (b + repeats - 1)) : double.NegativeInfinity;
            var beyond = SpecialFunctions.DiGamma(a + b + repeats);
            term.ByR = SpecialFunctions.DiGamma(r + repeats) - rPsi;
            term.ByA = abPsi - beyond;
            term.ByB = abPsi - beyond + SpecialFunctions.DiGamma(b + repeats) - bPsi;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Term
    {
        public int Customers;
        public double Logarithm;
        public double LogOdds;
        public double ByR;
        public double ByA;
        public double ByB;
    }
}
