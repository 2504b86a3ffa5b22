using System.Globalization;
using System.Xml.Linq;

namespace Segmentation.Cli.Rfm;

/// <summary>The report as an SVG: the matrix in the tiers' colours, and below it how the predictions' model does.</summary>
internal static class RfmPlot
{
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private const int Margin = 48;
    private const int CellWidth = 128;
    private const int CellHeight = 64;

    public static XDocument Of(RfmReport report)
    {
        int scores = report.Matrix.Scores;
        int width = (2 * Margin) + (scores * CellWidth);
        int matrixHeight = (2 * Margin) + (scores * CellHeight);
        var tracking = report.Status.Predictions?.HoldOut?.Tracking;
        int height = matrixHeight + (tracking is null ? 0 : TrackingPlot.Height);
        return new XDocument(new XElement(Svg + "svg",
            new XAttribute("viewBox", $"0 0 {width} {height}"), new XAttribute("width", width), new XAttribute("height", height),
            new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 12),
            new XElement(Svg + "rect", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("fill", "white")),
            Text(Margin, 20, string.Create(CultureInfo.InvariantCulture,
                $"{report.Workspace}/{report.Policy}: {report.Matrix.Profiles:N0} customers, revenue {report.Matrix.Revenue:N2}")),
            Enumerable.Range(1, scores).Select(f => Text(Left(f) + (CellWidth / 2), Margin - 8, $"F{f}", "middle")),
            Enumerable.Range(1, scores).Select(r => Text(Margin - 8, Top(r) + (CellHeight / 2), $"R{r}", "end")),
            report.Cells.Select(cell => Cell(report, cell, Left(cell.Frequency), Top(cell.Recency))),
            tracking is null ? null : TrackingPlot.Of(tracking, Margin, matrixHeight, width - (2 * Margin))));

        int Top(int recency) => Margin + ((scores - recency) * CellHeight);

        static int Left(int frequency) => Margin + ((frequency - 1) * CellWidth);
    }

    public static XElement Text(double x, double y, string text, string anchor = "start") => new(Svg + "text",
        new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("text-anchor", anchor), text);

    /// <summary>A coordinate, to a tenth.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static XElement Cell(RfmReport report, RfmShare cell, int left, int top) => new(Svg + "g",
        new XElement(Svg + "title", $"R{cell.Recency} F{cell.Frequency}"),
        new XElement(Svg + "rect",
            new XAttribute("x", left), new XAttribute("y", top), new XAttribute("width", CellWidth), new XAttribute("height", CellHeight),
            new XAttribute("fill", TierColors.Of(report, cell.Tier)), new XAttribute("stroke", "white"), new XAttribute("stroke-width", 2)),
        cell.Profiles == 0
            ? null
            : new[]
            {
                Text(left + (CellWidth / 2), top + 18, cell.Tier ?? "", "middle"),
                Text(left + (CellWidth / 2), top + 36, string.Create(CultureInfo.InvariantCulture, $"{cell.Profiles:N0} ({cell.ProfilePercent:0.0} %)"), "middle"),
                Text(left + (CellWidth / 2), top + 54,
                    cell.RevenuePercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent:0.0} % of revenue") : "", "middle"),
            });
}
