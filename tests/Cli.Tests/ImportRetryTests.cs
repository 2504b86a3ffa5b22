using System.Net;
using System.Net.Sockets;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class ImportRetryTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HastyTime _time = new();
    private EventServer _server = null!;

    public async Task InitializeAsync() => _server = await EventServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_is_asked_again_after_the_time_it_names(int status)
    {
        _server.FailNext(new Fault.Status(status, RetryAfterSeconds: 7));

        CliRun run = await ImportAsync(3);

        run.Code.ShouldBe(0, run.ToString());
        _time.Waits.ShouldBe([TimeSpan.FromSeconds(7)]);
        _server.EventsTakenInAll.ShouldBe(3);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Without_a_named_time_the_waits_grow(int status)
    {
        _server.FailNext([.. Enumerable.Repeat(new Fault.Status(status), 6)]);

        CliRun run = await ImportAsync(3);

        run.Code.ShouldBe(0, run.ToString());
        _time.Waits.Count.ShouldBe(6);
        _time.Waits[5].ShouldBeGreaterThan(_time.Waits[0]);
        _time.Waits.ShouldAllBe(wait => wait <= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_dropped_connection_sends_the_batch_again()
    {
        _server.FailNext(new Fault.Drop(), new Fault.Drop());

        CliRun run = await ImportAsync(3);

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_reply_that_is_lost_sends_the_same_ids_again()
    {
        _server.FailNext(new Fault.DropAfterTaking());

        CliRun run = await ImportAsync(3);

        run.Code.ShouldBe(0, run.ToString());
        _server.Taken.ShouldAllBe(id => id.Value == 2);
        _server.Taken.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_server_that_stays_busy_ends_the_import_with_exit_code_3_and_the_journal_stays()
    {
        string file = Write(30);
        int batches = 0;
        _server.BeforeBatch = () =>
        {
            if (Interlocked.Increment(ref batches) == 2)
                _server.FailNext([.. Enumerable.Repeat(new Fault.Status(503, RetryAfterSeconds: 20), 50)]);
            return Task.CompletedTask;
        };

        CliRun run = await CliRun.OfAsync(new CliSurroundings { Time = _time },
            "import", file, "-s", _server.Address, "-w", "acme", "--batch", "10", "--parallel", "1", "--retry-for", "1m");

        run.Code.ShouldBe(3, run.ToString());
        run.Error.ShouldContain("503");
        run.Error.ShouldContain("acknowledged up to line 20");
        _time.Waits.Count.ShouldBe(3);
        File.Exists(file + ".import-journal").ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_is_not_there_gives_exit_code_3_and_the_next_step()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        int port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();

        CliRun run = await CliRun.OfAsync(new CliSurroundings { Time = _time }, "import", Write(1), "-s", $"http://127.0.0.1:{port}", "-w", "acme");

        run.Code.ShouldBe(3, run.ToString());
        run.Error.ShouldContain("check --server");
        _time.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait).ShouldBeInRange(TimeSpan.FromSeconds(100), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_server_that_answers_something_else_is_named_as_the_wrong_one()
    {
        _server.FailNext(new Fault.Status(200));

        CliRun run = await ImportAsync(3);

        run.Code.ShouldBe(1, run.ToString());
    }

    private Task<CliRun> ImportAsync(int count) =>
        CliRun.OfAsync(new CliSurroundings { Time = _time }, "import", Write(count), "-s", _server.Address, "-w", "acme");

    private string Write(int count) => _folder.Write("events.jsonl", string.Concat(Enumerable.Range(1, count).Select(i =>
        $"{{\"id\":\"e-{i}\",\"name\":\"seen\",\"profileId\":\"p\",\"occurredAt\":\"2026-01-01T00:00:00Z\"}}\n")));
}
