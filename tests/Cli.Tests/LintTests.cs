using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class LintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_finding_has_its_file_line_and_field()
    {
        string file = _folder.Write("vips.yaml", """
            apiVersion: segmentation.dev/v1alpha1
            kind: Segment
            metadata: {name: vips}
            spec:
              match:
                all:
                - event: {name: order, within: 30d}
                - property: {name: plan, ne: free}
            """);

        CliRun run = await CliRun.OfAsync("lint", "-f", file);

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldBe($"""
            {file}:8: warning: Segment vips, spec.match.all[1].property
                customers without plan do not meet this; write onMissing: include if they should, onMissing: exclude if not [missing-data]

            1 definitions: 0 errors, 1 warnings, 0 infos

            """);
    }

    [Fact]
    public async Task A_circle_over_two_files_is_an_error_at_both_references()
    {
        _folder.Write("a.yaml", Referring("a", "b"));
        string folder = Path.GetDirectoryName(_folder.Write("b.yaml", Referring("b", "a")))!;

        CliRun run = await CliRun.OfAsync("lint", "-f", folder, "-o", "json");

        run.Code.ShouldBe(1, run.ToString());
        run.Json.EnumerateArray().Select(finding => (finding.GetProperty("rule").GetString(), finding.GetProperty("line").GetInt64()))
            .ShouldBe([("cycle", 5L), ("cycle", 5L)]);
    }

    [Fact]
    public async Task What_is_referred_to_may_stand_elsewhere()
    {
        CliRun run = await CliRun.OfAsync("lint", "-f", _folder.Write("a.yaml", Referring("a", "staff")), "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json[0].GetProperty("severity").GetString().ShouldBe("warning");
        run.Json[0].GetProperty("rule").GetString().ShouldBe("reference");
    }

    [Theory]
    [InlineData("error", 0)]
    [InlineData("warning", 1)]
    [InlineData("info", 1)]
    public async Task The_exit_code_follows_the_least_severity_asked_for(string least, int code)
    {
        CliRun run = await CliRun.OfAsync("lint", "-f", _folder.Write("a.yaml", Referring("a", "staff")), "--fail-on", least);

        run.Code.ShouldBe(code, run.ToString());
    }

    [Fact]
    public async Task What_an_API_server_refuses_is_an_error_with_its_line()
    {
        CliRun run = await CliRun.OfAsync("lint", "-f", _folder.Write("a.yaml", Referring("a", "b").Replace("segment:", "segmnt:", StringComparison.Ordinal)));

        run.Code.ShouldBe(1, run.ToString());
        run.Out.ShouldContain(":5: error: spec.match.segmnt");
        run.Out.ShouldContain("did you mean segment?");
    }

    private static string Referring(string name, string other) => $$$"""
        apiVersion: segmentation.dev/v1alpha1
        kind: Segment
        metadata: {name: {{{name}}}}
        spec:
          match: {segment: {name: {{{other}}}}}
        """;
}
