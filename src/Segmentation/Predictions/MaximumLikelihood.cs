using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Segmentation;

/// <summary>
/// Finds the parameters under which what was seen is likeliest. Works on the logarithms of positive parameters, where steps are relative and
/// no parameter can leave its domain, and on the mean per customer, so that tolerances mean the same for any number of them.
/// </summary>
internal static class MaximumLikelihood
{
    private const double GradientTolerance = 1e-9;
    private const double StepTolerance = 1e-9;
    private const double ProgressTolerance = 1e-13;
    private const int MaxIterations = 500;
    private const double HessianStep = 1e-4;
    private const double Edge = 1e-3;

    /// <summary>The likeliest parameters that are found from any of the starts; null when none leads to a maximum.</summary>
    /// <param name="likelihood">What is to be made as large as possible.</param>
    /// <param name="starts">Parameters to start from.</param>
    public static double[]? Fit(ILikelihood likelihood, IEnumerable<double[]> starts)
    {
        var objective = ObjectiveFunction.Gradient(at => MinusMean(likelihood, at));
        var (lower, upper) = (Bounds(likelihood, least: true), Bounds(likelihood, least: false));
        var minimizer = new BfgsBMinimizer(GradientTolerance, StepTolerance, ProgressTolerance, MaxIterations);
        MinimizationResult? best = null;
        foreach (var start in starts)
        {
            try
            {
                var inside = Logarithms(start).PointwiseMaximum(lower).PointwiseMinimum(upper);
                var found = minimizer.FindMinimum(objective, lower, upper, inside);
                if (best is null || found.FunctionInfoAtMinimum.Value < best.FunctionInfoAtMinimum.Value)
                    best = found;
            }
            catch (OptimizationException)
            {
                // Another start may lead there.
            }
        }

        return best is null ? null : [.. best.MinimizingPoint.Select(Math.Exp)];
    }

    /// <summary>
    /// How far off the parameters may be, as standard errors: from the curvature of the logarithm of the likelihood, carried over from the
    /// parameters' logarithms. Null where the likelihood has no peak, or rises beyond where it is looked for: the customers do not tell the
    /// parameters apart.
    /// </summary>
    public static double[]? StandardErrors(ILikelihood likelihood, double[] parameters)
    {
        if (parameters.Zip(likelihood.Bounds).Any(at => at.First < at.Second.Least * (1 + Edge) || at.First > at.Second.Most * (1 - Edge)))
            return null;
        var at = Logarithms(parameters);
        var information = Matrix<double>.Build.Dense(parameters.Length, parameters.Length);
        for (var i = 0; i < parameters.Length; i++)
        {
            var step = Vector<double>.Build.Dense(parameters.Length, j => j == i ? HessianStep : 0);
            information.SetRow(i, (MinusMean(likelihood, at + step).Gradient - MinusMean(likelihood, at - step).Gradient) / (2 * HessianStep));
        }

        information = (information + information.Transpose()) * (likelihood.Customers / 2.0);
        try
        {
            var covariance = information.Cholesky().Solve(Matrix<double>.Build.DenseIdentity(parameters.Length));
            var errors = parameters.Select((parameter, i) => parameter * Math.Sqrt(covariance[i, i])).ToArray();
            return Array.TrueForAll(errors, double.IsFinite) ? errors : null;
        }
        catch (ArgumentException)
        {
            return null; // not positive definite
        }
    }

    private static (double Value, Vector<double> Gradient) MinusMean(ILikelihood likelihood, Vector<double> logarithms)
    {
        var parameters = logarithms.Select(Math.Exp).ToArray();
        var gradient = new double[parameters.Length];
        var value = likelihood.Logarithm(parameters, gradient);
        return (-value / likelihood.Customers, Vector<double>.Build.Dense(parameters.Length, i => -gradient[i] * parameters[i] / likelihood.Customers));
    }

    private static Vector<double> Logarithms(double[] parameters) => Vector<double>.Build.Dense(parameters.Length, i => Math.Log(parameters[i]));

    private static Vector<double> Bounds(ILikelihood likelihood, bool least) => Vector<double>.Build.DenseOfEnumerable(
        likelihood.Bounds.Select(bound => Math.Log(least ? bound.Least : bound.Most)));
}

/// <summary>How likely what was seen is, as a function of positive parameters.</summary>
internal interface ILikelihood
{
    /// <summary>How many customers were seen; at least one.</summary>
    long Customers { get; }

    /// <summary>Where each parameter is looked for.</summary>
    IReadOnlyList<(double Least, double Most)> Bounds { get; }

    /// <summary>The natural logarithm of the likelihood.</summary>
    /// <param name="parameters">Positive.</param>
    /// <param name="gradient">Gets the derivatives by the parameters; empty when they are not wanted.</param>
    double Logarithm(ReadOnlySpan<double> parameters, Span<double> gradient);
}
