using System.Text.RegularExpressions;
using EndToEnd.Tests.Chart;

namespace EndToEnd.Tests.Docs;

/// <summary>docs/operations.md lists the metrics that there are; its alerts, which are the chart's, ask for no others and fire when they should.</summary>
public sealed partial class MetricsTests
{
    private static readonly HashSet<string> Listed =
        [.. MarkdownFile.Of("docs/operations.md").TableRows.Select(cells => cells[0].Trim('`')).Where(cell => MetricName().IsMatch(cell))];

    [Fact]
    public void The_list_names_every_instrument_and_no_other()
    {
        var source = new DirectoryInfo(RepositoryRoot.Combine("src")).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => !file.FullName.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var instruments = source.SelectMany(file => Instrument().Matches(File.ReadAllText(file.FullName)).Select(m => m.Groups["name"].Value)).ToHashSet();

        instruments.Count.ShouldBeGreaterThan(20);
        Listed.Order().ShouldBe(instruments.Order());
    }

    [Fact]
    public void Alerts_ask_for_metrics_that_are_listed()
    {
        var alerts = MarkdownFile.All.SelectMany(file => file.Blocks).Where(block => block.Text.Contains("expr:", StringComparison.Ordinal)).ToArray();

        alerts.ShouldNotBeEmpty();
        alerts.SelectMany(block => block.Text.Split('\n').Where(line => line.Contains("expr:", StringComparison.Ordinal)))
            .SelectMany(line => Used().Matches(line).Select(m => m.Value)).Except(Listed).ShouldBeEmpty();
    }

    [Fact]
    public void The_alerts_are_those_of_the_chart() =>
        MarkdownFile.Of("docs/operations.md").Blocks.Select(block => block.Text).ShouldContain(File.ReadAllText(HelmChart.File("alerts.yaml")));

    [Fact]
    public async Task Prometheus_fires_each_alert_when_it_should_and_not_before()
    {
        var file = RepositoryRoot.Combine("tests", "chart", "alerts.test.yaml");
        var tested = File.ReadAllText(file);

        foreach (Match alert in AlertName().Matches(File.ReadAllText(HelmChart.File("alerts.yaml")))) tested.ShouldContain("alertname: " + alert.Groups["name"].Value + "\n    exp_alerts:");
        (await Command.RunAsync("promtool", ["test", "rules", file])).ShouldSucceed();
    }

    [GeneratedRegex(@"- alert: (?<name>\w+)", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex AlertName();

    [GeneratedRegex(@"\.Create(?:Observable)?(?:Counter|Histogram|Gauge|UpDownCounter)(?:<\w+>)?\(\s*""(?<name>[^""]+)""", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Instrument();

    [GeneratedRegex(@"^[a-z0-9]+(?:_[a-z0-9]+)+$", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\b(?:segmentation|informer|leader_election|workqueue|controller_runtime|rest_client)_\w+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Used();
}
