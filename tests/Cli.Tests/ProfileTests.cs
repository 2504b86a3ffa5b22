using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class ProfileTests : IAsyncLifetime
{
    private const string Document = """
        {"profileId":"p/1 ä","events":3,"properties":{"country":"DE","tags":["a","b"],"empty":null},
         "counters":{},"memberships":[{"segment":"vips","joinedAt":"2026-01-01T00:00:00Z"},{"segment":"all","nextFlip":"2026-02-01T00:00:00Z"}]}
        """;

    private EventServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EventServer.StartAsync();
        _server.Documents["/profiles/p%2F1 ä"] = Document;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_profile_is_shown_as_lists_and_tables()
    {
        CliRun run = await CliRun.OfAsync("profile", "p/1 ä", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldBe("""
            profileId   p/1 ä
            events      3
            counters    {}
            properties:
              country   DE
              tags      a, b
              empty
            memberships:
              SEGMENT   JOINED-AT              NEXT-FLIP
              vips      2026-01-01T00:00:00Z
              all                              2026-02-01T00:00:00Z

            """);
    }

    [Fact]
    public async Task As_JSON_it_is_what_the_server_says()
    {
        CliRun run = await CliRun.OfAsync("profile", "p/1 ä", "-s", _server.Address, "-w", "acme", "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("profileId").GetString().ShouldBe("p/1 ä");
        run.Json.GetProperty("memberships").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task An_unknown_profile_gives_exit_code_4()
    {
        CliRun run = await CliRun.OfAsync("profile", "nobody", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("--workspace");
    }
}
