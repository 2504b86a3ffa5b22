using System.Text.Json;
using Segmentation.Cli.Tests.Support;
using static Segmentation.Cli.Tests.Support.SampleEvents;

namespace Segmentation.Cli.Tests;

public sealed class ImportResumeTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EventServer _server = null!;

    public async Task InitializeAsync() => _server = await EventServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_interrupted_import_says_so_and_the_next_one_goes_on()
    {
        string file = _folder.WriteEvents(5000);
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
        _server.Taken.Keys.Order().ShouldBe(Ids(5000).Order());
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
        string file = _folder.WriteEvents(10);
        _folder.Write("events.jsonl.import-journal", "{\"file\":");

        CliRun run = await ImportAsync(file);

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Where_no_journal_can_be_written_the_import_goes_on_and_says_that_it_cannot_be_resumed()
    {
        string file = _folder.WriteEvents(3000);
        Directory.CreateDirectory(file + ".import-journal");

        CliRun run = await ImportAsync(file);

        run.Code.ShouldBe(0, run.ToString());
        run.Error.ShouldContain("cannot be resumed");
        _server.Taken.Count.ShouldBe(3000);
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

    private Task<CliRun> ImportAsync(string file, params string[] options) =>
        CliRun.OfAsync(["import", file, "-s", _server.Address, "-w", "acme", .. options]);

    private async Task<string> InterruptedAsync(int count)
    {
        string file = _folder.WriteEvents(count);
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
}
