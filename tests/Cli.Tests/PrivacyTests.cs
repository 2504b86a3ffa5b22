using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

/// <summary>What is held of a customer is shown, and erased only when that is meant.</summary>
public sealed class PrivacyTests : IAsyncLifetime
{
    private EventServer _server = null!;

    public async Task InitializeAsync() => _server = await EventServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task An_export_is_the_document_that_the_server_gives()
    {
        const string Document = """{"id":"p/1 ä","memberships":[{"segment":"vips"}],"events":[{"id":"e1","name":"placed_order"}]}""";
        _server.Documents["/profiles/p%2F1 ä/export"] = Document;

        CliRun json = await CliRun.OfAsync("export", "--profile", "p/1 ä", "-s", _server.Address, "-w", "acme", "-o", "json");
        CliRun table = await CliRun.OfAsync("export", "-p", "p/1 ä", "-s", _server.Address, "-w", "acme");

        json.Code.ShouldBe(0, json.ToString());
        json.Out.ShouldBe(Document + "\n");
        table.Out.ShouldBe("""
            id   p/1 ä
            memberships:
              SEGMENT
              vips
            events:
              ID   NAME
              e1   placed_order

            """);
    }

    [Fact]
    public async Task Without_yes_nothing_is_erased()
    {
        CliRun run = await CliRun.OfAsync("erase", "--profile", "p1", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldContain("--yes");
        _server.Deleted.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_yes_the_profile_is_erased_also_when_the_server_was_away_for_a_moment()
    {
        _server.FailNext(new Fault.Status(503), new Fault.Status(429));

        CliRun run = await CliRun.OfAsync("erase", "--profile", "p/1 ä", "--yes", "-s", _server.Address, "-w", "acme", "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("profileId").GetString().ShouldBe("p/1 ä");
        _server.Deleted.ShouldBe(["/profiles/p%2F1 ä"]);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("erase")]
    public async Task An_unknown_workspace_gives_exit_code_4(string command)
    {
        string[] yes = command == "erase" ? ["--yes"] : [];
        CliRun run = await CliRun.OfAsync([command, "--profile", "p1", "-s", _server.Address, "-w", "nosuch", .. yes]);

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("--workspace");
        _server.Deleted.ShouldBeEmpty();
    }
}
