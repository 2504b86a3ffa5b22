using System.Globalization;
using MathNet.Numerics;

namespace Segmentation.Tests.Predictions;

/// <summary>The functions against high-precision.tsv, which high-precision.py makes.</summary>
public sealed class HighPrecisionTests
{
    [Theory]
    [InlineData("gammaln", 8, 1e-13)]
    [InlineData("digamma", 8, 1e-13)]
    [InlineData("betaln", 5, 1e-12)]
    [InlineData("log1p", 7, 1e-15)]
    [InlineData("expm1", 7, 1e-15)]
    [InlineData("alive", 40, 1e-12)]
    [InlineData("median", 40, 1e-12)]
    [InlineData("expected", 118, 1e-12)]
    public void Every_value_is_right(string function, int rows, double tolerance)
    {
        var cases = Rows().Where(row => row[0] == function).ToList();
        cases.Count.ShouldBe(rows);
        foreach (var row in cases)
        {
            var truth = Number(row[2]);
            var value = Value(function, [.. row[1].Split(' ').Select(Number)]);
            if (double.IsInfinity(truth))
                value.ShouldBe(truth, string.Join(' ', row));
            else
                value.ShouldBe(truth, tolerance * Math.Max(Math.Abs(truth), function is "gammaln" or "digamma" or "betaln" ? 1 : 0), string.Join(' ', row));
        }
    }

    private static double Value(string function, double[] z) => function switch
    {
        "gammaln" => SpecialFunctions.GammaLn(z[0]),
        "digamma" => SpecialFunctions.DiGamma(z[0]),
        "betaln" => BgNbdLikelihood.LogBeta(z[0], z[1]),
        "log1p" => NearOne.LogOnePlus(z[0]),
        "expm1" => NearOne.ExpMinusOne(z[0]),
        "alive" => Model(z).AliveProbability((int)z[4], z[5], z[6]),
        "median" => Model(z).MedianWeeksToNext((int)z[4], z[5], z[6]),
        _ => Model(z).ExpectedPurchases((int)z[4], z[5], z[6], z[7]),
    };

    private static BgNbd Model(double[] z) => new(z[0], z[1], z[2], z[3]);

    private static IEnumerable<string[]> Rows() => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Predictions", "high-precision.tsv"))
        .Where(line => line[0] != '#').Select(line => line.Split('\t'));

    private static double Number(string text) => text == "+inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
}
