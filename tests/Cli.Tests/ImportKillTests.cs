using System.Diagnostics;
using System.Text;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

/// <summary>Kills the importing process while requests are under way, again and again, and lets it go on.</summary>
public sealed class ImportKillTests : IAsyncLifetime, IDisposable
{
    private const int Rows = 6000;
    private const int Kills = 3;

    private readonly TemporaryFolder _folder = new();
    private EventServer _server = null!;

    public async Task InitializeAsync() => _server = await EventServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_import_of_JSONL_goes_on_where_it_was_and_loses_nothing()
    {
        var text = new StringBuilder();
        for (int i = 1; i <= Rows; i++)
            text.Append($"{{\"id\":\"e-{i}\",\"name\":\"seen\",\"profileId\":\"p\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"value\":{i}}}\n");

        await KillAndResumeAsync(_folder.Write("events.jsonl", text.ToString()));
    }

    [Fact]
    public async Task A_killed_import_of_CSV_with_line_ends_inside_of_fields_gives_every_row_its_own_id()
    {
        var text = new StringBuilder("\uFEFFwho,when,note,amount\r\n");
        for (int i = 1; i <= Rows; i++)
            text.Append($"p,2026-01-01T00:00:00Z,\"first\r\nsecond, \"\"third\"\"\n{i}\",{i}\r\n");

        await KillAndResumeAsync(_folder.Write("events.csv", text.ToString()),
            "--id-from-row", "e-", "--event", "seen", "--profile", "who", "--time", "when", "--value", "amount", "--property", "note");
    }

    [Fact]
    public async Task An_interrupt_from_the_keyboard_ends_the_import_at_once_and_leaves_the_journal()
    {
        string file = _folder.Write("events.jsonl", string.Concat(Enumerable.Range(1, Rows).Select(i =>
            $"{{\"id\":\"e-{i}\",\"name\":\"seen\",\"profileId\":\"p\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"value\":{i}}}\n")));
        string[] command = ["import", file, "-s", _server.Address, "-w", "acme", "--batch", "100"];

        CliRun run = await EndAfterAsync(12, command, file, process => Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExitAsync());

        run.Code.ShouldBe(130, run.ToString());
        run.Error.ShouldContain("the same command goes on from there");
        File.Exists(file + ".import-journal").ShouldBeTrue();
    }

    private async Task KillAndResumeAsync(string file, params string[] options)
    {
        string[] command = ["import", file, "-s", _server.Address, "-w", "acme", "--batch", "100", "-o", "json", .. options];
        for (int kill = 1; kill <= Kills; kill++)
            await EndAfterAsync(kill * 12, command, file, process =>
            {
                process.Kill(entireProcessTree: true);
                return Task.CompletedTask;
            });

        CliRun last = await CliProcess.RunAsync(command);

        last.Code.ShouldBe(0, last.ToString());
        last.Json.GetProperty("resumedBehindLine").GetInt64().ShouldBeGreaterThan(0);
        last.Json.GetProperty("events").GetInt32().ShouldBe(Rows);
        _server.Taken.Keys.Order().ShouldBe(Enumerable.Range(1, Rows).Select(i => $"e-{i}").Order());
        _server.Events.ShouldAllBe(taken => taken.Key == $"e-{taken.Value.Value}");
        _server.EventsTakenInAll.ShouldBeLessThan(Kills * Rows);
        File.Exists(file + ".import-journal").ShouldBeFalse();
    }

    /// <summary>Lets some batches through, keeps all further ones waiting, and ends the process then.</summary>
    private async Task<CliRun> EndAfterAsync(int batches, string[] command, string file, Func<Process, Task> end)
    {
        int seen = 0;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.BeforeBatch = async () =>
        {
            if (Interlocked.Increment(ref seen) <= batches)
                return;
            while (!File.Exists(file + ".import-journal"))
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            reached.TrySetResult();
            await killed.Task;
        };
        using Process process = CliProcess.Start(command);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await end(process);
        await process.WaitForExitAsync();
        _server.BeforeBatch = static () => Task.CompletedTask;
        killed.SetResult();
        return new CliRun(process.ExitCode, await output, await error);
    }
}
