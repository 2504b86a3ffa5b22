namespace Segmentation;

/// <summary>
/// The exponential and the logarithm where one of their sides is near 1 and subtraction would leave no digits. .NET has neither, and those of
/// MathNet.Numerics 5.0.0 are right to nine digits only in places. Kahan's forms: the errors of the two roundings cancel.
/// </summary>
internal static class NearOne
{
    /// <summary>ln(1 + x), x &gt; −1.</summary>
    public static double LogOnePlus(double x)
    {
        var sum = 1 + x;
        return sum == 1 ? x : double.IsPositiveInfinity(sum) ? sum : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>e^x − 1.</summary>
    public static double ExpMinusOne(double x)
    {
        var power = Math.Exp(x);
        return power == 1 ? x : double.IsPositiveInfinity(power) ? power : (power - 1) * (x / Math.Log(power));
    }
}
