using System.Text.Json;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class PutProfilesTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EventServer _server = null!;

    public async Task InitializeAsync() => _server = await EventServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lines_of_one_profile_arrive_in_the_files_order_however_many_go_at_once()
    {
        string[] lines = [.. Enumerable.Range(0, 1000).Select(i => $"{{\"id\":\"p-{i % 10}\",\"properties\":{{\"n\":{i}}}}}")];

        CliRun run = await PutAsync(lines, "--parallel", "32", "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("profiles").GetInt32().ShouldBe(1000);
        _server.Profiles.Count.ShouldBe(10);
        foreach ((string id, var bodies) in _server.Profiles)
        {
            int[] numbers = [.. bodies.Select(body => JsonDocument.Parse(body).RootElement.GetProperty("properties").GetProperty("n").GetInt32())];
            numbers.ShouldBe(Enumerable.Range(0, 100).Select(i => (i * 10) + int.Parse(id[2..])));
        }
    }

    [Fact]
    public async Task Lines_that_are_no_profiles_are_rejected_and_the_others_sent()
    {
        CliRun run = await PutAsync(["{\"id\":\"p-1\",\"properties\":{\"a\":1}}", "[]", "{\"id\":7}", "{\"id\":\"p\"}", "{", "{\"id\":\"p-2\",\"properties\":{}}",
            "{\"id\":\"..\",\"properties\":{\"a\":1}}"]);

        run.Code.ShouldBe(1, run.ToString());
        run.Error.ShouldContain("line 2: the line is not a JSON object");
        run.Error.ShouldContain("line 3: id:");
        run.Error.ShouldContain("line 4: properties:");
        run.Error.ShouldContain("line 5: not JSON");
        run.Error.ShouldContain("line 6: properties: is empty");
        run.Error.ShouldContain("line 7: id: . and ..");
        _server.Profiles.Keys.ShouldBe(["p-1"]);
    }

    [Fact]
    public async Task Consent_and_suppression_go_with_or_without_properties()
    {
        CliRun run = await PutAsync(
            ["{\"id\":\"p-1\",\"consent\":{\"email\":\"subscribed\"},\"other\":1}", "{\"id\":\"p-2\",\"suppressed\":{\"email\":true},\"properties\":{\"a\":1}}",
            "{\"id\":\"p-3\",\"consent\":\"subscribed\"}"]);

        run.Code.ShouldBe(1, run.ToString());
        run.Error.ShouldContain("line 3: consent: an object is required");
        _server.Profiles["p-1"].ShouldBe(["{\"consent\":{\"email\":\"subscribed\"}}"]);
        _server.Profiles["p-2"].ShouldBe(["{\"properties\":{\"a\":1},\"suppressed\":{\"email\":true}}"]);
    }

    [Fact]
    public async Task A_busy_server_and_lost_connections_lose_nothing()
    {
        _server.FailNext(new Fault.Status(429, 3), new Fault.Drop(), new Fault.Status(503, 5));

        CliRun run = await CliRun.OfAsync(new CliSurroundings { Time = new HastyTime() },
            "put-profiles", _folder.Write("profiles.jsonl", "{\"id\":\"ä/1\",\"properties\":{\"a\":1}}"), "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        _server.Requests.ShouldBe(4);
        _server.Profiles.Keys.ShouldBe(["ä%2F1"]);
    }

    [Fact]
    public async Task A_refusal_stops_at_once()
    {
        _server.FailNext([.. Enumerable.Repeat(new Fault.Status(401, Error: "no"), 100)]);
        string[] lines = [.. Enumerable.Range(0, 10_000).Select(i => $"{{\"id\":\"p-{i}\",\"properties\":{{\"n\":{i}}}}}")];

        CliRun run = await PutAsync(lines, "--parallel", "4");

        run.Code.ShouldBe(4, run.ToString());
        _server.Requests.ShouldBeLessThan(100);
    }

    private Task<CliRun> PutAsync(string[] lines, params string[] options) => CliRun.OfAsync(
        ["put-profiles", _folder.Write("profiles.jsonl", string.Join('\n', lines)), "-s", _server.Address, "-w", "acme", .. options]);
}
