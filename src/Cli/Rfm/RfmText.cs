using System.Globalization;
using Segmentation.Resources;
using Spectre.Console;

namespace Segmentation.Cli.Rfm;

/// <summary>The report for people: the matrix, the tiers, and what moved. In the tiers' colours on a terminal, as plain text elsewhere.</summary>
internal static class RfmText
{
    private const int PlainWidth = 240;

    private static readonly Padding _gap = new(0, 0, 3, 0);
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    public static void Write(Terminal terminal, RfmReport report)
    {
        if (terminal.IsOutInteractive)
        {
            Write(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Out) }), report, TableBorder.Rounded);
            return;
        }
        using var plain = new StringWriter(_culture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(plain),
        });
        console.Profile.Width = PlainWidth;
        Write(console, report, TableBorder.Ascii);
        foreach (string line in plain.ToString().TrimEnd().Split('\n'))
            terminal.Out.WriteLine(line.TrimEnd());
    }

    internal static void Write(IAnsiConsole console, RfmReport report, TableBorder border)
    {
        console.MarkupLineInterpolated(_culture,
            $"{report.Workspace}/{report.Policy}: {report.Matrix.Profiles:N0} customers, revenue {report.Matrix.Revenue:N2}, counted {report.Matrix.CountedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        console.WriteLine();
        console.Write(Matrix(report, border));
        console.WriteLine();
        console.Write(Tiers(report));
        console.WriteLine();
        foreach (string line in Movements(report.Status))
            console.MarkupLineInterpolated($"{line}");
    }

    private static Table Matrix(RfmReport report, TableBorder border)
    {
        var table = new Table { Border = border, ShowRowSeparators = true };
        table.AddColumn(new TableColumn(string.Empty));
        for (int frequency = 1; frequency <= report.Matrix.Scores; frequency++)
            table.AddColumn(new TableColumn($"F{frequency}").Centered());
        foreach (RfmShare[] row in report.Cells.Chunk(report.Matrix.Scores))
            table.AddRow([$"R{row[0].Recency}", .. row.Select(cell => Cell(report, cell))]);
        return table;
    }

    private static string Cell(RfmReport report, RfmShare cell) => cell.Profiles == 0
        ? "-"
        : string.Create(_culture, $"[black on {TierColors.Of(report, cell.Tier)}]{cell.Profiles:N0}  {cell.ProfilePercent:0.0} %\n{cell.Tier}[/]");

    private static Table Tiers(RfmReport report)
    {
        var table = new Table { Border = TableBorder.None };
        table.AddColumn(new TableColumn("TIER") { Padding = _gap });
        foreach (string title in (string[])["PROFILES", "SHARE", "REVENUE", "REVENUE-SHARE"])
            table.AddColumn(new TableColumn(title) { Padding = _gap, Alignment = Justify.Right });
        foreach (RfmShare tier in report.Tiers)
        {
            table.AddRow(
                $"[black on {TierColors.Of(report, tier.Tier)}]{tier.Tier}[/]", tier.Profiles.ToString("N0", _culture), Percent(tier.ProfilePercent),
                tier.Revenue.ToString("N2", _culture), tier.RevenuePercent is { } percent ? Percent(percent) : "-");
        }
        return table;
    }

    private static IEnumerable<string> Movements(RfmPolicyStatus status)
    {
        string since = status.LastScored is { } scored ? $" of {scored.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : string.Empty;
        yield return string.Create(_culture, $"For the break points{since}, {status.Rescored ?? 0:N0} customers were scored anew; {status.Moved ?? 0:N0} of them changed tier.");
        if (status.NextRecompute is { } next)
            yield return $"The next break points are due {next.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}.";
        if (status.Predictions?.HoldOut is { } test)
        {
            yield return string.Create(_culture, $"Of the last {test.Days} days the model expected {test.ExpectedPurchases:N1} purchases; {test.ActualPurchases:N0} came{Error(test.ErrorPercent)}.");
            if (test.Values is { } values)
            {
                yield return string.Create(_culture,
                    $"A purchase of the {values.Customers:N0} customers who bought again was expected to come to {values.ExpectedAverageValue:N2}; it came to {values.ActualAverageValue:N2}{Error(values.ErrorPercent)}, with a mean absolute error of {values.MeanAbsoluteError:N2}.");
            }
        }
    }

    private static string Error(decimal? percent) => percent is null ? string.Empty : string.Create(_culture, $" ({percent:+0.0;-0.0;0.0} %)");

    private static string Percent(decimal percent) => percent.ToString("0.0", _culture) + " %";
}
