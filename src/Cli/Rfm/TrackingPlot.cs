using System.Globalization;
using System.Xml.Linq;
using Segmentation.Resources;

namespace Segmentation.Cli.Rfm;

/// <summary>Repeat purchases over time, added up: as they came, and as the model expects them that does not know the last part.</summary>
internal static class TrackingPlot
{
    public const int Height = 260;

    private const int Above = 32;
    private const int Below = 40;

    /// <param name="tracking">What is drawn.</param>
    /// <param name="left">Where it begins.</param>
    /// <param name="top">Where it begins.</param>
    /// <param name="width">How wide it is.</param>
    public static XElement Of(RfmTrackingStatus tracking, int left, int top, int width)
    {
        double[] expected = Sums(tracking.Expected.Select(count => (double)count));
        double[] actual = Sums(tracking.Actual.Select(count => (double)count));
        double most = Math.Max(1, Math.Max(expected[^1], actual[^1]));
        int periods = expected.Length - 1;
        double bottom = top + Height - Below;
        double heldOutAt = X(periods - tracking.HeldOut);
        return new XElement(RfmPlot.Svg + "g",
            new XAttribute("id", "tracking"),
            RfmPlot.Text(left, top + 12, string.Create(CultureInfo.InvariantCulture,
                $"Repeat purchases, added up: {actual[^1]:N0} came (solid), {expected[^1]:N0} expected (dashed)")),
            Line(left, bottom, left + width, bottom, "#888888"),
            Line(heldOutAt, top + Above, heldOutAt, bottom, "#bbbbbb"),
            RfmPlot.Text(heldOutAt + 4, bottom - 6, "not known to the model"),
            Curve(expected, "#e56b6f", dashes: "6 4"),
            Curve(actual, "#3b6fb6", dashes: null),
            RfmPlot.Text(left, bottom + 18, tracking.From.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            RfmPlot.Text(left + width, bottom + 18, $"{periods} periods of {tracking.DaysPerPeriod} days", "end"));

        double X(int period) => left + (width * (double)period / Math.Max(1, periods));

        XElement Curve(double[] sums, string color, string? dashes) => new(RfmPlot.Svg + "polyline",
            new XAttribute("points", string.Join(' ', sums.Select((sum, i) => $"{RfmPlot.Number(X(i))},{RfmPlot.Number(bottom - ((bottom - top - Above) * sum / most))}"))),
            new XAttribute("fill", "none"), new XAttribute("stroke", color), new XAttribute("stroke-width", 2),
            dashes is null ? null : new XAttribute("stroke-dasharray", dashes));
    }

    // From nothing, at the beginning of the first period.
    private static double[] Sums(IEnumerable<double> counts)
    {
        var sums = new List<double> { 0 };
        foreach (double count in counts)
            sums.Add(sums[^1] + count);
        return [.. sums];
    }

    private static XElement Line(double x1, double y1, double x2, double y2, string color) => new(RfmPlot.Svg + "line",
        new XAttribute("x1", RfmPlot.Number(x1)), new XAttribute("y1", RfmPlot.Number(y1)),
        new XAttribute("x2", RfmPlot.Number(x2)), new XAttribute("y2", RfmPlot.Number(y2)), new XAttribute("stroke", color));
}
