using System.Diagnostics;
using System.Net;
using Segmentation.Operator.Tests.Partitions;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>
/// What Redis and the way to it can do to the running program while events arrive: it refuses or waits, and goes on by itself when that is over. Every
/// event that was acknowledged counts once, every move is told. SEED replays the chance in it; TEST_LONG=1 makes it last a minute each.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 60 : 4);

    [Fact]
    public Task Redis_may_be_restarted_under_load() => RunAsync(new DurableServer("always"), async (rig, random) =>
    {
        await rig.Redis.StopAsync();
        await PauseAsync(random.Next(500));
        await rig.Redis.StartAsync();
        await PauseAsync(1_500);
    });

    [Fact]
    public Task Connections_to_Redis_may_be_reset_at_any_time() => RunAsync(new DurableServer("always"), async (rig, random) =>
    {
        rig.Proxy.Cut(byReset: true);
        await PauseAsync(random.Next(1_500));
    });

    [Fact]
    public Task Redis_may_answer_late_or_so_late_that_nobody_waits_any_more() => RunAsync(new DurableServer("always"), async (rig, random) =>
    {
        // Half of the long ones are longer than the program waits; everything behind them waits as well.
        rig.Proxy.Delay = _ => TimeSpan.FromMilliseconds(Some(400) switch { 0 => 1_000 + Some(2_000), < 20 => Some(10), _ => 0 });
        await PauseAsync(2 * (int)Length.TotalMilliseconds);
        rig.Proxy.Delay = null;

        int Some(int below)
        {
            lock (random) return random.Next(below);
        }
    });

    [Fact]
    public async Task Redis_may_forget_its_scripts_at_any_time()
    {
        var answers = await RunAsync(new DurableServer("always"), async (rig, random) =>
        {
            using var redis = await DataPlane.ConnectAsync(rig.Redis.Configuration, FaultRig.Partitions);
            for (var i = 0; i < 100; i++)
            {
                await redis.Database.ExecuteAsync("SCRIPT", "FLUSH");
                await PauseAsync(random.Next(20));
            }
        });

        answers.ShouldBe([HttpStatusCode.Accepted], "nobody notices");
    }

    [Fact]
    public Task Without_memory_nothing_is_acknowledged_or_half_written_and_with_it_all_goes_on() => RunAsync(new DurableServer("always"), async (rig, random) =>
    {
        using var redis = await DataPlane.ConnectAsync(rig.Redis.Configuration, FaultRig.Partitions);
        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1"); // noeviction is what it does unless told otherwise
        await ShouldRefuseAsync(rig);
        await PauseAsync(random.Next(1_000));
        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await PauseAsync(random.Next(1_000));
    });

    [Fact]
    public async Task With_a_full_disk_nothing_is_acknowledged_or_half_written_and_with_room_all_goes_on()
    {
        // As on a full disk the file grows no more, at some byte within a command. Not so with appendfsync always: there Redis ends itself.
        var redis = new DurableServer("everysec", "sh", "-c", "trap '' XFSZ; ulimit -S -f 300; exec \"$@\"", "sh");
        var isFull = true;
        await RunAsync(redis, async (rig, _) =>
        {
            if (!isFull)
            {
                await PauseAsync(200);
                return;
            }
            await Eventually.HoldsAsync(async () => await StatusAsync(rig) == HttpStatusCode.ServiceUnavailable, "the disk is full");
            await ShouldRefuseAsync(rig);
            using var prlimit = Process.Start("prlimit", ["--pid", $"{rig.Redis.ProcessId}", "--fsize=unlimited"]);
            await prlimit.WaitForExitAsync();
            prlimit.ExitCode.ShouldBe(0);
            isFull = false;
        });
    }

    /// <returns>The statuses that were answered.</returns>
    private async Task<HttpStatusCode[]> RunAsync(DurableServer server, Func<FaultRig, Random, Task> fault)
    {
        var seed = Seeds.Take(1).Single();
        output.WriteLine($"SEED={seed}");
        var random = new Random(seed);
        await using var rig = await FaultRig.StartAsync(server);
        var producers = new Producers(rig, random.Next());
        try
        {
            await producers.DuringAsync(async () =>
            {
                var started = TimeProvider.System.GetTimestamp();
                while (TimeProvider.System.GetElapsedTime(started) < Length) await fault(rig, random);
            });
            output.WriteLine(string.Join(", ", producers.Answers.Select(a => $"{a.Key}: {a.Value}")));
            await FaultOracle.ShouldAgreeAsync(rig, producers, tellsAll: true, $"SEED={seed}");
            rig.Operator.Log.ShouldNotContain("a turn failed");
        }
        catch
        {
            output.WriteLine(rig.Operator.Log);
            throw;
        }
        return [.. producers.Answers.Keys];
    }

    private static async Task ShouldRefuseAsync(FaultRig rig)
    {
        var answer = (await RequestAsync(rig)).ShouldNotBeNull();
        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
    }

    private static async Task<HttpStatusCode?> StatusAsync(FaultRig rig) => (await RequestAsync(rig))?.Status;

    // Changes nothing when it is accepted: it erases who never was.
    private static Task<Http.Answer?> RequestAsync(FaultRig rig) => rig.TrySendAsync(HttpMethod.Delete, "profiles/nobody", null, "");

    private static Task PauseAsync(int ms) => Task.Delay(TimeSpan.FromMilliseconds(ms), TimeProvider.System);
}
