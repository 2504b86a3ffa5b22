using System.Globalization;
using System.Text.Json;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class MembersTests : IAsyncLifetime
{
    private EventServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EventServer.StartAsync();
        _server.Documents["/segments/vips/members?limit=1000"] = Page(1, 1000, 2500, "a/b=");
        _server.Documents["/segments/vips/members?limit=1000&cursor=a%2Fb%3D"] = Page(1001, 1000, 2500, "c");
        _server.Documents["/segments/vips/members?limit=1000&cursor=c"] = Page(2001, 500, 2500, null);
        _server.Documents["/segments/vips/members?limit=2"] = Page(1, 2, 2500, "d");
        _server.Documents["/segments/nobody/members?limit=100"] = Page(1, 0, 0, null);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task All_pages_are_one_JSON_document()
    {
        CliRun run = await MembersAsync("vips", "--limit", "0", "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("segment").GetString().ShouldBe("vips");
        run.Json.GetProperty("count").GetInt32().ShouldBe(2500);
        run.Json.GetProperty("more").GetBoolean().ShouldBeFalse();
        run.Json.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("profileId").GetString())
            .ShouldBe(Enumerable.Range(1, 2500).Select(i => $"p-{i}"));
    }

    [Fact]
    public async Task A_limit_stops_early_and_says_how_many_there_are()
    {
        CliRun run = await MembersAsync("vips", "--limit", "2");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
            ["PROFILE   JOINED", "p-1       2026-01-01T00:00:00Z", "p-2       2026-01-01T00:00:00Z"]);
        run.Error.ShouldContain("2 of 2,500 members");
    }

    [Fact]
    public async Task An_empty_segment_is_an_empty_list()
    {
        CliRun table = await MembersAsync("nobody");
        CliRun json = await MembersAsync("nobody", "-o", "json");

        table.Error.ShouldContain("0 members");
        json.Json.GetProperty("members").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_segment_that_does_not_exist_gives_exit_code_4_and_the_next_step()
    {
        CliRun run = await MembersAsync("vip", "-o", "json");

        run.Code.ShouldBe(4, run.ToString());
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("kubectl get segments");
    }

    private static string Page(int first, int length, int count, string? nextCursor) => JsonSerializer.Serialize(new
    {
        segment = "vips",
        members = Enumerable.Range(first, length)
            .Select(i => new { profileId = "p-" + i.ToString(CultureInfo.InvariantCulture), joinedAt = "2026-01-01T00:00:00Z" }),
        count,
        nextCursor,
    });

    private Task<CliRun> MembersAsync(params string[] options) => CliRun.OfAsync(["members", .. options, "-s", _server.Address, "-w", "acme"]);
}
