using Segmentation.Operator.Tests.Partitions;
using Xunit.Abstractions;
using Receiver = global::Operator.Tests.Audiences.WebhookReceiver;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>
/// SIGKILL of the program, of Redis, or of both, at exact steps between the arrival of an event and the checkpoint of an audience that was told of what it
/// did, over the partition of a merged profile and that of the one that it counts for, while events arrive. SEED replays what is chosen; TEST_LONG=1 goes
/// through all of it.
/// </summary>
public sealed class KillMatrixTests(ITestOutputHelper output)
{
    private const int KillsOfALife = 10;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("TEST_LONG") == "1";

    private static readonly Dictionary<string, Func<RedisCommand, bool>> Steps = new(MergeFaultTests.Steps.Select(step => KeyValuePair.Create("forward: " + step.Key, step.Value)))
    {
        ["accept"] = c => c.Name == "append",
        ["take over"] = c => c.Name == "acquire",
        ["read"] = c => c.Name == "XRANGE" && c.Key.EndsWith(":log", StringComparison.Ordinal),
        ["load"] = c => c.Name == "load",
        ["commit"] = c => c.Name == "commit",
        ["read the outbox"] = c => c.Name == "XRANGE" && c.Key.Contains(":outbox:", StringComparison.Ordinal),
        ["note the batch"] = c => c.Name == "hash-write" && c.Has("inflight") && !c.Has("lastSync"),
        ["deliver"] = _ => false, // at the receiver
        ["note the delivery"] = c => c.Name == "hash-write" && c.Has("lastSync"),
        ["trim the outbox"] = c => c.Name == "XTRIM" && c.Key.Contains(":outbox:", StringComparison.Ordinal),
    };

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    public async Task Whoever_is_killed_at_whatever_step_every_event_counts_once_and_every_move_is_told(string appendFsync)
    {
        foreach (var seed in Seeds.Take(1))
        {
            output.WriteLine($"SEED={seed}");
            var random = new Random(seed);
            foreach (var kills in Kills(random).Chunk(KillsOfALife)) await LiveAsync(appendFsync, kills, random, $"SEED={seed} appendfsync {appendFsync}");
        }
    }

    private async Task LiveAsync(string appendFsync, IReadOnlyList<Kill> kills, Random random, string because)
    {
        await using var rig = await FaultRig.StartAsync(new DurableServer(appendFsync));
        var producers = new Producers(rig, random.Next());
        var mayLose = false;
        foreach (var kill in kills)
        {
            output.WriteLine(kill.ToString());
            var (beganAt, onDisk) = (TimeProvider.System.GetTimestamp(), new FileInfo(rig.Redis.AppendOnlyFile).Length);
            var (struckAt, left) = (0L, (IReadOnlySet<string>?)null);
            await producers.DuringAsync(async () =>
            {
                await StrikeAsync(rig, kill);
                struckAt = TimeProvider.System.GetTimestamp();
                if (appendFsync != "always" && kill.Victim.HasFlag(Victim.Redis)) left = await CutPowerAsync(rig, onDisk, random);
                await rig.RecoverAsync();
            });
            if (left is not null)
            {
                mayLose = true;
                var lost = producers.Acknowledged.Where(a => a.Value < struckAt && !left.Contains(a.Key)).ToArray();
                lost.ShouldAllBe(a => a.Value >= beganAt, "what was on disk before is not lost");
                output.WriteLine($"  {lost.Length} acknowledged may be gone, and are sent again");
                await producers.SendAgainAsync([.. lost.Select(a => a.Key)]);
            }
            await FaultOracle.ShouldAgreeAsync(rig, producers, tellsAll: !mayLose, $"{because}, after {kill}");
        }
        if (mayLose) await NewAudiencesShouldBeToldAllAsync(rig);
    }

    private static async Task StrikeAsync(FaultRig rig, Kill kill)
    {
        if (kill.Step == "deliver")
        {
            await AtDeliveryAsync(rig, kill);
            return;
        }
        var trap = rig.Proxy.Set(new Trap(Steps[kill.Step], kill.Nth, kill.Moment, () => rig.KillAsync(kill.Victim)));
        if (kill.Step == "take over")
        {
            await rig.Operator.KillAsync();
            await Should.NotThrowAsync(async () => await Task.WhenAny(rig.StartOperatorAsync(), trap.Sprung));
        }
        await Eventually.HoldsAsync(() => trap.Sprung.IsCompleted, $"the step of {kill} was met");
        await trap.Sprung;
    }

    // Before the receiver takes it, or after; in neither case does the program read an answer.
    private static async Task AtDeliveryAsync(FaultRig rig, Kill kill)
    {
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = kill.Nth;
        foreach (var receiver in rig.Audiences.Values)
        {
            receiver.Default = async (context, _) =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    await rig.KillAsync(kill.Victim);
                    struck.SetResult();
                    if (kill.Moment == Moment.Before) context.Abort();
                }
                context.Response.StatusCode = kill.Moment == Moment.Before && struck.Task.IsCompleted ? 503 : 204;
            };
        }
        await struck.Task.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
        foreach (var receiver in rig.Audiences.Values) receiver.Default = (context, _) => Receiver.Status(context, 204);
    }

    /// <summary>What the kernel had is on disk after a SIGKILL; after a power failure, the end of the file is not, from any byte on.</summary>
    /// <param name="onDisk">How much of the file was forced to disk for certain.</param>
    /// <returns>The ids and marks that are left.</returns>
    private static async Task<IReadOnlySet<string>> CutPowerAsync(FaultRig rig, long onDisk, Random random)
    {
        var length = (int)new FileInfo(rig.Redis.AppendOnlyFile).Length;
        if (random.Next(3) > 0) await rig.Redis.CutAppendOnlyFileAsync(random.Next((int)onDisk, length + 1));
        return FaultOracle.Known(Journal.Read(await File.ReadAllBytesAsync(rig.Redis.AppendOnlyFile), FaultRig.Workspace, FaultRig.Partitions));
    }

    // A destination may have been told what Redis has lost: as the manual says, a new AudienceSync tells it all members.
    private static async Task NewAudiencesShouldBeToldAllAsync(FaultRig rig)
    {
        foreach (var segment in rig.Audiences.Keys)
        {
            await using var receiver = await Receiver.StartAsync();
            rig.Tell(segment, receiver, "again-" + segment);
            await Eventually.HoldsAsync(async () =>
            {
                var snapshot = await Snapshot.TakeAsync(rig);
                return receiver.Members.SetEquals(FaultOracle.MembersOf(snapshot, segment));
            }, $"a new audience has the members of {segment}");
        }
    }

    /// <summary>Every step once, each with a victim and a moment by chance; all of them when there is time.</summary>
    private static Kill[] Kills(Random random)
    {
        Kill[] all =
        [
            .. from step in Steps.Keys
               from victim in Enum.GetValues<Victim>()
               from moment in Enum.GetValues<Moment>()
               select new Kill(step, victim, moment, random.Next(1, FaultRig.Partitions + 1)),
        ];
        random.Shuffle(all);
        return IsLong ? all : [.. all.DistinctBy(kill => kill.Step)];
    }

    private sealed record Kill(string Step, Victim Victim, Moment Moment, int Nth);
}
