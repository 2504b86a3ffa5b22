using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Segmentation.Cli.Rfm;
using Segmentation.Cli.Tests.Support;
using Segmentation.Resources;
using Spectre.Console;

namespace Segmentation.Cli.Tests;

/// <summary>What <c>rfm</c> draws on a terminal with colours.</summary>
public sealed partial class RfmColorTests
{
    // The first colours of the palette, in the order of the policy's tiers.
    private const string Champions = "123;198;126";
    private const string Recent = "174;219;132";
    private const string AtRisk = "229;107;111";
    private const string Inactive = "239;143;91";

    [Fact]
    public void The_cells_of_the_matrix_and_the_tiers_have_the_colours_of_their_tiers()
    {
        Colored(Rendered(ColorSystemSupport.TrueColor)).ShouldBe(
        [
            (Recent, "2  20.0 %"), (Champions, "3  30.0 %"),
            (Recent, "recent"), (Champions, "champions"),
            (Inactive, "5  50.0 %"),
            (Inactive, "inactive"),
            (Champions, "champions"), (Recent, "recent"), (AtRisk, "at-risk"), (Inactive, "inactive"),
        ]);
    }

    [Fact]
    public void A_cell_stands_in_its_row_with_its_share_and_the_tier_below()
    {
        string[][] rows = [.. Uncolored(Rendered(ColorSystemSupport.TrueColor)).Split('\n').Where(line => line.StartsWith('│')).Select(Cells)];

        rows.ShouldBe(
        [
            ["", "F1", "F2", "F3"],
            ["R3", "2  20.0 %", "-", "3  30.0 %"],
            ["", "recent", "", "champions"],
            ["R2", "-", "-", "-"],
            ["R1", "5  50.0 %", "-", "-"],
            ["", "inactive", "", ""],
        ]);

        static string[] Cells(string line) => [.. line.Trim().Trim('│').Split('│').Select(cell => cell.Trim())];
    }

    [Theory]
    [InlineData(ColorSystemSupport.Standard)]
    [InlineData(ColorSystemSupport.EightBit)]
    [InlineData(ColorSystemSupport.TrueColor)]
    public void Colours_change_nothing_of_the_text_and_no_markup_is_left(ColorSystemSupport colors)
    {
        string colored = Rendered(colors);

        colored.ShouldContain("\e[");
        Uncolored(colored).ShouldBe(Rendered(ColorSystemSupport.NoColors));
        Uncolored(colored).ShouldNotContain("\e");
        Uncolored(colored).IndexOfAny(['[', ']', '#']).ShouldBe(-1, colored);
    }

    [Fact]
    public async Task Where_nobody_watches_the_same_is_written_but_for_the_lines_of_the_table()
    {
        await using PolicyServer server = await PolicyServer.StartAsync();
        server.Policies["default"] = RfmTests.Scored;
        CliRun run = await CliRun.OfAsync(new CliSurroundings { Variables = { ["KUBECONFIG"] = server.Kubeconfig } }, "rfm", "default");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldNotContain("\e");
        Words(run.Out).ShouldBe(Words(Uncolored(Rendered(ColorSystemSupport.TrueColor))));

        // By line, without lines that only part rows.
        static string[][] Words(string text) =>
            [.. text.Split('\n').Select(line => Frame().Replace(line, " ").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)];
    }

    private static string Rendered(ColorSystemSupport colors)
    {
        RfmReport report = RfmReport.Of(JsonSerializer.Deserialize(RfmTests.Scored, ResourcesJson.Default.RfmPolicy)!, "acme");
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colors == ColorSystemSupport.NoColors ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = colors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = 240;
        RfmText.Write(console, report, TableBorder.Rounded);
        return text.ToString();
    }

    // What is written on a background, with that, in the order in which it is written.
    private static (string Background, string Text)[] Colored(string text) =>
        [.. OnBackground().Matches(text).Select(match => (match.Groups["background"].Value, match.Groups["text"].Value.Trim())).Where(piece => piece.Item2.Length > 0)];

    private static string Uncolored(string text) => Escape().Replace(text, string.Empty);

    [GeneratedRegex("\e\\[(?:30|38;5;0);48;2;(?<background>[0-9;]+)m(?<text>[^\e]*)\e\\[0m", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex OnBackground();

    [GeneratedRegex("\e\\[[0-9;]*m", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[│─╭╮╰╯├┤┬┴┼|+]|-{2,}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Frame();
}
