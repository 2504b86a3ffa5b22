using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class RfmTests : IAsyncLifetime
{
    internal const string Scored = """
        {"apiVersion":"segmentation.dev/v1alpha1","kind":"RfmPolicy","metadata":{"name":"default","namespace":"acme","resourceVersion":"7"},
         "spec":{"purchases":{"event":"placed_order"},"window":"365d","scoring":{"scores":3}},
         "status":{"observedGeneration":1,"scoredProfiles":10,"rescored":4,"moved":2,"lastScored":"2026-01-31T06:00:00Z","nextRecompute":"2026-02-01T06:00:00Z",
          "matrix":{"countedAt":"2026-01-31T12:00:00Z","scores":3,"profiles":10,"revenue":800.5,"cells":[
           {"recency":1,"frequency":1,"profiles":5,"revenue":100.5,"tier":"inactive"},
           {"recency":3,"frequency":1,"profiles":2,"revenue":0,"tier":"recent"},
           {"recency":3,"frequency":3,"profiles":3,"revenue":700,"tier":"champions"}]},
          "tierCounts":[{"tier":"champions","profiles":3,"revenue":700},{"tier":"recent","profiles":2,"revenue":0},{"tier":"at-risk","profiles":0,"revenue":0},{"tier":"inactive","profiles":5,"revenue":100.5}],
          "predictions":{"customers":10,"holdOut":{"days":14,"customers":9,"expectedPurchases":3.5,"actualPurchases":4,"errorPercent":-12.5,
           "values":{"customers":3,"expectedAverageValue":41.26,"actualAverageValue":40.25,"errorPercent":2.5,"meanAbsoluteError":6.5},
           "tracking":{"from":"2026-01-01T00:00:00Z","daysPerPeriod":7,"heldOut":2,"expected":[1,2,1.5,2],"actual":[0,3,1,3]}}},
          "conditions":[{"type":"Ready","status":"True","reason":"Scored","message":"The scores are current.","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
        """;

    private const string Gathering = """
        {"apiVersion":"segmentation.dev/v1alpha1","kind":"RfmPolicy","metadata":{"name":"winter","namespace":"acme"},
         "spec":{"purchases":{"event":"placed_order"},"window":"365d"},
         "status":{"observedGeneration":1,
          "conditions":[{"type":"Ready","status":"False","reason":"GatheringDimensions","message":"Gathering the purchases of every profile.","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
        """;

    private PolicyServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await PolicyServer.StartAsync();
        _server.Policies["default"] = Scored;
        _server.Policies["winter"] = Gathering;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task The_matrix_the_tiers_and_what_moved_are_shown_as_plain_text_where_nobody_watches()
    {
        CliRun run = await RunAsync("rfm", "default");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldBe("""
            acme/default: 10 customers, revenue 800.50, counted 2026-01-31T12:00:00Z

            +---------------------------------+
            |    |    F1     | F2 |    F3     |
            |----+-----------+----+-----------|
            | R3 | 2  20.0 % | -  | 3  30.0 % |
            |    |  recent   |    | champions |
            |----+-----------+----+-----------|
            | R2 |     -     | -  |     -     |
            |----+-----------+----+-----------|
            | R1 | 5  50.0 % | -  |     -     |
            |    | inactive  |    |           |
            +---------------------------------+

            TIER        PROFILES    SHARE   REVENUE   REVENUE-SHARE
            champions          3   30.0 %    700.00          87.4 %
            recent             2   20.0 %      0.00           0.0 %
            at-risk            0    0.0 %      0.00           0.0 %
            inactive           5   50.0 %    100.50          12.6 %

            For the break points of 2026-01-31T06:00:00Z, 4 customers were scored anew; 2 of them changed tier.
            The next break points are due 2026-02-01T06:00:00Z.
            Of the last 14 days the model expected 3.5 purchases; 4 came (-12.5 %).
            A purchase of the 3 customers who bought again was expected to come to 41.26; it came to 40.25 (+2.5 %), with a mean absolute error of 6.50.

            """);
    }

    [Fact]
    public async Task As_JSON_every_combination_is_there_with_its_shares()
    {
        CliRun run = await RunAsync("rfm", "default", "-w", "acme", "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        JsonElement[] matrix = [.. run.Json.GetProperty("matrix").EnumerateArray()];
        matrix.Length.ShouldBe(9);
        matrix[2].GetProperty("tier").GetString().ShouldBe("champions");
        matrix[2].GetProperty("revenuePercent").GetDecimal().ShouldBe(87.4m);
        matrix[3].GetProperty("profiles").GetInt64().ShouldBe(0);
        run.Json.GetProperty("tiers").EnumerateArray().Sum(tier => tier.GetProperty("profiles").GetInt64()).ShouldBe(10);
        run.Json.GetProperty("moved").GetInt64().ShouldBe(2);
        run.Json.GetProperty("predictions").GetProperty("holdOut").GetProperty("tracking").GetProperty("heldOut").GetInt32().ShouldBe(2);
        run.Json.GetProperty("predictions").GetProperty("holdOut").GetProperty("values").GetProperty("meanAbsoluteError").GetDecimal().ShouldBe(6.5m);
    }

    [Fact]
    public async Task As_CSV_the_matrix_has_a_line_per_combination()
    {
        CliRun run = await RunAsync("rfm", "default", "-n", "acme", "-o", "csv");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldBe("""
            recency,frequency,tier,profiles,profile_percent,revenue,revenue_percent
            3,1,recent,2,20,0,0
            3,2,,0,0,0,0
            3,3,champions,3,30,700,87.4
            2,1,,0,0,0,0
            2,2,,0,0,0,0
            2,3,,0,0,0,0
            1,1,inactive,5,50,100.5,12.6
            1,2,,0,0,0,0
            1,3,,0,0,0,0

            """);
    }

    [Fact]
    public async Task The_plot_has_a_square_per_combination_and_a_curve_each_of_what_came_and_what_was_expected()
    {
        using var folder = new TemporaryFolder();
        CliRun run = await RunAsync("rfm", "default", "--plot", folder["rfm.svg"]);

        run.Code.ShouldBe(0, run.ToString());
        run.Error.ShouldContain("rfm.svg");
        XNamespace svg = "http://www.w3.org/2000/svg";
        XElement root = XDocument.Load(folder["rfm.svg"]).Root!;
        root.Name.ShouldBe(svg + "svg");
        root.Descendants(svg + "g").Count(cell => cell.Element(svg + "title") is not null).ShouldBe(9);
        root.Descendants(svg + "text").Select(text => text.Value).ShouldContain("87.4 % of revenue");
        double[][] curves = [.. root.Descendants(svg + "polyline").Select(Heights)];
        curves.ShouldAllBe(curve => curve.Length == 5);
        curves[0].Zip(curves[0].Skip(1)).ShouldAllBe(pair => pair.First > pair.Second, "expected sums rise: 1, 3, 4.5, 6.5");
        curves[1][1].ShouldBe(curves[1][0], "nothing came in the first period");
        curves[1][4].ShouldBeLessThan(curves[0][4], "7 came, 6.5 were expected");

        static double[] Heights(XElement curve) =>
            [.. curve.Attribute("points")!.Value.Split(' ').Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture))];
    }

    [Fact]
    public async Task Without_predictions_the_plot_is_the_matrix_alone()
    {
        _server.Policies["default"] = Scored.Replace("\"predictions\"", "\"unknown\"", StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        CliRun run = await RunAsync("rfm", "default", "--plot", folder["rfm.svg"]);

        run.Code.ShouldBe(0, run.ToString());
        File.ReadAllText(folder["rfm.svg"]).ShouldNotContain("polyline");
    }

    [Fact]
    public async Task A_policy_that_is_not_there_gives_exit_code_4_and_the_nearest_name()
    {
        CliRun run = await RunAsync("rfm", "defualt");

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("there is no RfmPolicy 'defualt' in the namespace acme; did you mean default?");
        run.Error.ShouldContain("it has default, winter");
    }

    [Fact]
    public async Task A_policy_that_is_not_scored_yet_gives_exit_code_1_and_why()
    {
        CliRun run = await RunAsync("rfm", "winter");

        run.Code.ShouldBe(1, run.ToString());
        run.Error.ShouldContain("not scored and counted yet (GatheringDimensions: Gathering the purchases of every profile)");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_namespace_of_a_cluster_without_the_kind_says_so()
    {
        CliRun run = await RunAsync("rfm", "default", "-w", "other");

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("does not know the kind RfmPolicy");
    }

    [Theory]
    [InlineData("a-wrong-token", null, 4)]
    [InlineData(PolicyServer.Token, "http://127.0.0.1:1", 3)]
    public async Task Refused_credentials_and_an_absent_server_have_their_exit_codes(string token, string? address, int code)
    {
        using var folder = new TemporaryFolder();
        string server = address ?? File.ReadAllText(_server.Kubeconfig).Split('"')[1];
        CliRun run = await CliRun.OfAsync("rfm", "default", "--kubeconfig", folder.Write("config", PolicyServer.Config(server, token)));

        run.Code.ShouldBe(code, run.ToString());
        run.Error.ShouldContain("context 'test'");
    }

    private Task<CliRun> RunAsync(params string[] args) =>
        CliRun.OfAsync(new CliSurroundings { Variables = { ["KUBECONFIG"] = _server.Kubeconfig } }, args);
}
