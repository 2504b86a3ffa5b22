using System.Text.Json;
using Segmentation.Cli.Tests.Support;
using static Segmentation.Cli.Tests.Support.SampleEvents;

namespace Segmentation.Cli.Tests;

public sealed class ImportTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EventServer _server = null!;

    public async Task InitializeAsync() => _server = await EventServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_event_of_a_file_arrives_once_and_the_journal_is_gone()
    {
        string file = _folder.WriteEvents(2500);

        CliRun run = await ImportAsync(file);

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Keys.Order().ShouldBe(Ids(2500).Order());
        _server.EventsTakenInAll.ShouldBe(2500);
        File.Exists(file + ".import-journal").ShouldBeFalse();
        run.Out.ShouldContain("imported 2,500 events");
    }

    [Fact]
    public async Task Blank_lines_and_every_kind_of_line_end_are_no_events()
    {
        string file = _folder.Write("events.jsonl", $"\uFEFF{Event(1)}\r\n\r\n \t\n\r\r\n{Event(2)}\n\n{Event(3)}");

        CliRun run = await ImportAsync(file);

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Keys.Order().ShouldBe(Ids(3));
    }

    [Fact]
    public async Task Standard_input_is_read_as_JSONL()
    {
        CliRun run = await CliRun.OfAsync(new CliSurroundings { Input = Event(1) + "\n" + Event(2) },
            "import", "-", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Keys.Order().ShouldBe(Ids(2).Order());
    }

    [Fact]
    public async Task Server_and_workspace_and_token_come_from_the_environment()
    {
        await using EventServer guarded = await EventServer.StartAsync(token: "s3cret");
        var surroundings = new CliSurroundings
        {
            Variables = { ["SEGMENTATION_SERVER"] = guarded.Address, ["SEGMENTATION_WORKSPACE"] = "acme", ["SEGMENTATION_TOKEN"] = "s3cret" },
        };

        CliRun run = await CliRun.OfAsync(surroundings, "import", _folder.WriteEvents(3));

        run.Code.ShouldBe(0, run.ToString());
        guarded.Taken.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_with_exit_code_4_and_never_shown()
    {
        await using EventServer guarded = await EventServer.StartAsync(token: "s3cret");
        string token = _folder.Write("token", "wr0ng\n");

        CliRun run = await CliRun.OfAsync("import", _folder.WriteEvents(3), "-s", guarded.Address, "-w", "acme", "--token-file", token);

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("--token-file");
        run.ToString().ShouldNotContain("wr0ng");
        guarded.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_workspace_is_refused_with_exit_code_4()
    {
        CliRun run = await CliRun.OfAsync("import", _folder.WriteEvents(3), "-s", _server.Address, "-w", "nowhere");

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("--workspace");
    }

    [Fact]
    public async Task Rejected_rows_are_listed_with_their_lines_and_kept_in_a_file()
    {
        string[] lines = [Event(1), "{\"id\":\"x\"", "", Event(2), Event(3).Replace("2026-", "yesterday-", StringComparison.Ordinal), Event(4)];
        string file = _folder.Write("events.jsonl", string.Join('\n', lines));

        CliRun run = await ImportAsync(file, "--rejects", _folder["rejects.jsonl"]);

        run.Code.ShouldBe(1, run.ToString());
        _server.Taken.Keys.ShouldBe(["e-1", "e-2", "e-4"], ignoreOrder: true);
        run.Error.ShouldContain("line 2: event:");
        run.Error.ShouldContain("line 5: occurredAt:");
        JsonElement[] kept = [.. File.ReadLines(_folder["rejects.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];
        kept.Select(row => row.GetProperty("line").GetInt32()).ShouldBe([2, 5]);
        kept[1].GetProperty("row").GetString().ShouldBe(lines[4]);
        File.Exists(file + ".import-journal").ShouldBeFalse();
    }

    [Fact]
    public async Task Only_the_first_twenty_of_many_rejected_rows_are_listed()
    {
        string file = _folder.Write("events.jsonl", string.Concat(Enumerable.Repeat("{}\n", 2345)));

        CliRun run = await ImportAsync(file, "--allow-rejects", "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Json.GetProperty("rejected").GetInt32().ShouldBe(2345);
        run.Json.GetProperty("events").GetInt32().ShouldBe(0);
        run.Json.GetProperty("firstRejected").EnumerateArray().Select(row => row.GetProperty("line").GetInt32()).ShouldBe(Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_halved_until_the_server_takes_it()
    {
        await using EventServer small = await EventServer.StartAsync(largestBatch: 30);

        CliRun run = await CliRun.OfAsync("import", _folder.WriteEvents(1000), "-s", small.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        small.Taken.Count.ShouldBe(1000);
        small.EventsTakenInAll.ShouldBe(1000);
    }

    [Fact]
    public async Task An_event_that_alone_is_too_large_is_rejected_with_its_line()
    {
        await using EventServer none = await EventServer.StartAsync(largestBatch: 0);

        CliRun run = await CliRun.OfAsync("import", _folder.WriteEvents(2), "-s", none.Address, "-w", "acme");

        run.Code.ShouldBe(1, run.ToString());
        run.Error.ShouldContain("line 2: the event is larger than the server takes");
    }

    [Fact]
    public async Task Unknown_fields_are_counted()
    {
        string file = _folder.Write("events.jsonl", Event(1).Replace("{\"id\"", "{\"colour\":1,\"id\"", StringComparison.Ordinal));

        CliRun run = await ImportAsync(file, "-o", "json");

        run.Json.GetProperty("ignoredFields").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_line_without_end_is_rejected_and_the_next_one_is_read()
    {
        string file = _folder.Write("events.jsonl", $"{Event(1)}\n{{\"id\":\"{new string('x', 3_000_000)}\"}}\n{Event(2)}\n");

        CliRun run = await ImportAsync(file);

        run.Code.ShouldBe(1);
        run.Error.ShouldContain("line 2: the line is longer than");
        _server.Taken.Keys.Order().ShouldBe(Ids(2).Order());
    }

    private Task<CliRun> ImportAsync(string file, params string[] options) =>
        CliRun.OfAsync(["import", file, "-s", _server.Address, "-w", "acme", .. options]);
}
