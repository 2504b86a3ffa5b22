using System.Text;
using System.Text.Json;
using Segmentation.Cli.Tests.Support;

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
        string file = WriteEvents(2500);

        CliRun run = await ImportAsync(file);

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Keys.ShouldBe(Ids(2500), ignoreOrder: true);
        _server.EventsTakenInAll.ShouldBe(2500);
        File.Exists(file + ".import-journal").ShouldBeFalse();
        run.Out.ShouldContain("imported 2,500 events");
    }

    [Fact]
    public async Task Standard_input_is_read_as_JSONL()
    {
        CliRun run = await CliRun.OfAsync(new CliSurroundings { Input = Event(1) + "\n" + Event(2) },
            "import", "-", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Keys.ShouldBe(Ids(2), ignoreOrder: true);
    }

    [Fact]
    public async Task Server_and_workspace_and_token_come_from_the_environment()
    {
        await using EventServer guarded = await EventServer.StartAsync(token: "s3cret");
        var surroundings = new CliSurroundings
        {
            Variables = { ["SEGMENTATION_SERVER"] = guarded.Address, ["SEGMENTATION_WORKSPACE"] = "acme", ["SEGMENTATION_TOKEN"] = "s3cret" },
        };

        CliRun run = await CliRun.OfAsync(surroundings, "import", WriteEvents(3));

        run.Code.ShouldBe(0, run.ToString());
        guarded.Taken.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_with_exit_code_4_and_never_shown()
    {
        await using EventServer guarded = await EventServer.StartAsync(token: "s3cret");
        string token = _folder.Write("token", "wr0ng\n");

        CliRun run = await CliRun.OfAsync("import", WriteEvents(3), "-s", guarded.Address, "-w", "acme", "--token-file", token);

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("--token-file");
        run.ToString().ShouldNotContain("wr0ng");
        guarded.Taken.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_workspace_is_refused_with_exit_code_4()
    {
        CliRun run = await CliRun.OfAsync("import", WriteEvents(3), "-s", _server.Address, "-w", "nowhere");

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

        CliRun run = await CliRun.OfAsync("import", WriteEvents(1000), "-s", small.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        small.Taken.Count.ShouldBe(1000);
        small.EventsTakenInAll.ShouldBe(1000);
    }

    [Fact]
    public async Task An_event_that_alone_is_too_large_is_rejected_with_its_line()
    {
        await using EventServer none = await EventServer.StartAsync(largestBatch: 0);

        CliRun run = await CliRun.OfAsync("import", WriteEvents(2), "-s", none.Address, "-w", "acme");

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
        _server.Taken.Keys.ShouldBe(Ids(2), ignoreOrder: true);
    }

    [Fact]
    public async Task An_interrupted_import_says_so_and_the_next_one_goes_on()
    {
        string file = WriteEvents(5000);
        using var interruption = new CancellationTokenSource();
        int batches = 0;
        _server.BeforeBatch = async () =>
        {
            if (Interlocked.Increment(ref batches) == 10)
                await interruption.CancelAsync();
        };

        CliRun first = await CliRun.OfAsync(new CliSurroundings { Cancellation = interruption.Token },
            "import", file, "-s", _server.Address, "-w", "acme", "--batch", "100");
        int takenAtFirst = _server.Taken.Count;
        CliRun second = await ImportAsync(file, "--batch", "100", "-o", "json");

        first.Code.ShouldBe(130, first.ToString());
        first.Error.ShouldContain("the same command goes on from there");
        takenAtFirst.ShouldBeLessThan(5000);
        second.Code.ShouldBe(0, second.ToString());
        second.Json.GetProperty("resumedBehindLine").GetInt64().ShouldBeGreaterThan(0);
        second.Json.GetProperty("events").GetInt64().ShouldBe(5000);
        _server.Taken.Keys.ShouldBe(Ids(5000), ignoreOrder: true);
    }

    [Fact]
    public async Task A_changed_file_is_imported_from_its_beginning()
    {
        string file = await InterruptedAsync(5000);
        File.AppendAllText(file, Event(5001) + "\n");

        CliRun run = await ImportAsync(file, "-o", "json");

        run.Code.ShouldBe(0, run.ToString());
        run.Error.ShouldContain("changed since the interrupted import");
        run.Json.TryGetProperty("resumedBehindLine", out _).ShouldBeFalse();
        _server.Taken.Count.ShouldBe(5001);
    }

    [Fact]
    public async Task Restart_ignores_the_journal()
    {
        string file = await InterruptedAsync(5000);

        CliRun run = await ImportAsync(file, "--restart", "-o", "json");

        run.Json.TryGetProperty("resumedBehindLine", out _).ShouldBeFalse();
        run.Json.GetProperty("events").GetInt64().ShouldBe(5000);
    }

    [Fact]
    public async Task A_damaged_journal_starts_the_import_anew()
    {
        string file = WriteEvents(10);
        _folder.Write("events.jsonl.import-journal", "{\"file\":");

        CliRun run = await ImportAsync(file);

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Rejected_rows_of_the_interrupted_run_stay_in_their_file_once()
    {
        string file = _folder.Write("events.jsonl", string.Concat(Enumerable.Range(1, 4000).Select(i => (i % 10 == 0 ? "{}" : Event(i)) + "\n")));
        await InterruptAsync(file, "--rejects", _folder["rejects.jsonl"]);

        CliRun run = await ImportAsync(file, "--rejects", _folder["rejects.jsonl"], "-o", "json");

        run.Json.GetProperty("rejected").GetInt64().ShouldBe(400);
        run.Json.GetProperty("events").GetInt64().ShouldBe(3600);
        File.ReadLines(_folder["rejects.jsonl"])
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("line").GetInt32())
            .ShouldBe(Enumerable.Range(1, 400).Select(i => i * 10));
    }

    private static string Event(int number) =>
        $"{{\"id\":\"e-{number}\",\"name\":\"placed_order\",\"profileId\":\"p-{number % 7}\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"value\":12.34}}";

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(i => $"e-{i}");

    private Task<CliRun> ImportAsync(string file, params string[] options) =>
        CliRun.OfAsync(["import", file, "-s", _server.Address, "-w", "acme", .. options]);

    private async Task<string> InterruptedAsync(int count)
    {
        string file = WriteEvents(count);
        await InterruptAsync(file);
        return file;
    }

    private async Task InterruptAsync(string file, params string[] options)
    {
        using var interruption = new CancellationTokenSource();
        int batches = 0;
        _server.BeforeBatch = async () =>
        {
            if (Interlocked.Increment(ref batches) == 20)
                await interruption.CancelAsync();
        };
        CliRun run = await CliRun.OfAsync(new CliSurroundings { Cancellation = interruption.Token },
            ["import", file, "-s", _server.Address, "-w", "acme", "--batch", "50", .. options]);
        run.Code.ShouldBe(130, run.ToString());
        File.Exists(file + ".import-journal").ShouldBeTrue();
        _server.BeforeBatch = static () => Task.CompletedTask;
    }

    private string WriteEvents(int count)
    {
        var text = new StringBuilder();
        for (int i = 1; i <= count; i++)
            text.Append(Event(i)).Append('\n');
        return _folder.Write("events.jsonl", text.ToString());
    }
}
