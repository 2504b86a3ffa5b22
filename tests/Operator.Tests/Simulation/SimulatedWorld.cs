using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Replicas;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>
/// A workspace with its replicas, its store, the network between them and the time, all of them on one thread and all of what happens from a seed. One
/// step is one thing that happens: a command is executed, answered, lost or doubled, a replica begins something, falls asleep or ends, something is sent,
/// declared or looked at, or time goes on.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private readonly SimulationShape _shape;
    private readonly History _history;
    private readonly Random _random;
    private readonly SimulatedStore _store = new();
    private readonly SimulatedNetwork _network = new();
    private readonly SimulatedFaults _faults;
    private readonly SimulatedCluster _cluster;
    private readonly DataPlane _plane;
    private readonly List<Offered> _offered = [];
    private int _requests;

    public SimulatedWorld(int seed)
    {
        _shape = SimulationShape.Of(new Random(seed));
        _history = new History(seed, _shape.History);
        _random = _history.Random;
        _faults = new SimulatedFaults(_network, _random, _shape.Faults, Note);
        var scripts = new SimulatedScripts(_store);
        var database = SimulatedDatabase.Over(
            _store, _network, (script, key, arguments) => script == "hash-write" ? scripts.Run(script, key, arguments) : Watch!.Run(script, key, arguments));
        var options = new RedisOptions { Partitions = _shape.Partitions, CommandTimeout = Timeout.InfiniteTimeSpan, MaxLogLength = _shape.MaxLogLength };
        var redis = new RedisConnection(Options.Create(options), NullLogger<RedisConnection>.Instance, database);
        _plane = _network.Calmly(() => DataPlane.OpenAsync(redis, "simulated", _shape.Options, sharedAs: SharedPlane.Leader));
        Watch = new StoreWatch(_store, _network, _plane.Acknowledged);
        _cluster = new SimulatedCluster(new SharedPlane(_plane), _network, _random, _shape.Followers);
        if (_shape.Definitions != SimulatedDefinitions.AskingOfThePast) _plane.IsFollowed = PartitionPropertyTests.IsEven;
        if (_shape.Definitions == SimulatedDefinitions.Changing) return;
        _plane.DeclareShop();
        foreach (var (name, spec) in Shop.AskingOfThePast.Where(_ => _shape.Definitions == SimulatedDefinitions.AskingOfThePast)) _plane.Declare(name, spec);
        Drain();
    }

    public SimulationTrace Trace { get; } = new();

    public StoreWatch Watch { get; }

    public int Steps { get; private set; }

    /// <summary>Lets something happen; it counts as a step if it could.</summary>
    public void Step()
    {
        _store.NowMs = _plane.Time.NowMs;
        HearOfOffers();
        switch (_random.Next(100))
        {
            case < 70 when _network.Pending.Count > 0: _faults.MoveOne(Steps); break;
            case < 86: BeginTurn(); break;
            case < 91: Send(); break;
            case < 93: PassTime(); break;
            case < 95: Learn(); break;
            case 95: Plan(); break;
            case 96: BeginLook(); break;
            case 97 when _network.Late.Count > 0: _faults.ExecuteLate(); break;
            case 98 when _shape.Definitions == SimulatedDefinitions.Changing: Declare(); break;
            default: Note(_cluster.Disturb(Steps)); break;
        }
    }

    /// <summary>Everything under way ends, nothing is lost any more, and all that is left is done: then the store holds what follows from the log.</summary>
    public void Settle()
    {
        Trace.Add("settle");
        while (_network.Late.Count > 0) _faults.ExecuteLate();
        while (_network.Pending.Count > 0) _network.Answer(_network.Pending[0]);
        _cluster.Recover();
        if (_shape.Definitions == SimulatedDefinitions.Changing) PartitionPropertyTests.Resume(_plane);
        Drain();
        Watch.Unapplied.ShouldBe(0, "all of the logs is applied");
        _store.Keys.Where(key => key.EndsWith("}:forward", StringComparison.Ordinal)).SelectMany(_store.Stream).ShouldBeEmpty("all that came for merged profiles is sent on");
        _network.Calmly(CompareAsync);
        Trace.Add(_store.Dump());
    }

    public void Dispose() => _network.Calmly(async () => await _plane.DisposeAsync());

    private void Drain() => _network.Calmly(_cluster.Shared.DrainAsync);

    private async Task CompareAsync()
    {
        if (_shape.Definitions == SimulatedDefinitions.AskingOfThePast)
        {
            var oracle = new HistoryOracle(Oracle.Compile(_plane)).Run(_plane);
            await PastTests.MovesShouldBeAsync(_plane, oracle, "settled");
            await PastTests.MemoryShouldBeAsync(_plane, oracle, "settled");
            return;
        }
        await Oracle.ShouldAgreeAsync(_plane, "settled");
        if (_shape is { Definitions: SimulatedDefinitions.Standing, Merges: false }) await PartitionPropertyTests.FlipsShouldBeExactAsync(_plane, "settled");
    }

    private void BeginTurn()
    {
        var partition = _random.Next(_shape.Partitions);
        var replica = _random.Next(4) == 0 ? _cluster.Any() : _cluster.AnyOwner(partition);
        var eventsFirst = _random.Next(2) == 0;
        Begin(replica, $"turn {partition}", _ => TurnAsync(replica.Workspace.Slots[partition].Partition, eventsFirst));
    }

    private static async Task TurnAsync(Partition partition, bool eventsFirst)
    {
        try
        {
            await partition.TakeTurnAsync(eventsFirst);
        }
        catch (FencedException)
        {
            // It waits before it takes over again.
        }
    }

    private void BeginLook()
    {
        var (replica, partition) = (_cluster.Any(), _random.Next(_shape.Partitions));
        Begin(replica, $"look {partition}", _ => replica.Workspace.Slots[partition].Partition.HasWorkAsync());
    }

    private void Send()
    {
        var replica = _cluster.Any();
        switch (_random.Next(16))
        {
            case 0 when _shape.Merges:
                Send(replica, _history.NextStatement(replica.Clock.NowMs));
                break;
            case < 4 when _shape.Merges:
                if (_history.NextMerge() is { } merge) Send(replica, merge.ProfileId, new Acknowledged(0, [], null, null) { Merge = merge });
                break;
            case 0:
                var id = _history.NextProfile();
                Send(replica, id, new Acknowledged(0, [], null, id));
                break;
            case < 4:
                Send(replica, _history.NextChange(replica.Clock.NowMs));
                break;
            default:
                var events = Enumerable.Range(0, _random.Next(1, 1 + _shape.History.EventsPerRequest)).Select(_ => _history.NextEvent(replica.Clock.NowMs)).ToArray();
                foreach (var some in events.GroupBy(e => PartitionHash.Of(e.ProfileId, _shape.Partitions)))
                {
                    if (!Offer(replica, some.Key, [.. some])) Send(replica, some.First().ProfileId, new Acknowledged(0, [.. some], null, null));
                }
                break;
        }
    }

    private void Send(SimulatedReplica replica, ProfileChange change) => Send(replica, change.ProfileId, new Acknowledged(0, [], change, null));

    // As whoever accepts events does: to the owner itself, if that is the same replica, and what that does not commit to the log.
    private bool Offer(SimulatedReplica replica, int partition, CustomerEvent[] events)
    {
        if (_random.Next(3) == 0 || replica.Process.AsleepUntil > Steps || !replica.Workspace.Owns(partition)) return false;
        Note($"offer {replica.Process.Name} {partition}");
        _offered.Add(new Offered(replica, events, replica.Workspace.Slots[partition].Partition.Inbox.Offer(events)));
        return true;
    }

    private void HearOfOffers()
    {
        foreach (var offered in _offered.Where(offered => offered.Committed.IsCompleted).ToArray())
        {
            _offered.Remove(offered);
            if (offered.Committed.Result) Watch.ShouldKnow(offered.Events);
            else if (!offered.Replica.Process.HasEnded) Send(offered.Replica, offered.Events[0].ProfileId, new Acknowledged(0, offered.Events, null, null));
        }
    }

    private void Send(SimulatedReplica replica, string profileId, Acknowledged entry) =>
        Begin(replica, $"append {_requests++}", job => SendAsync(replica, job, PartitionHash.Of(profileId, _shape.Partitions), entry));

    // What was not acknowledged is sent again, or not.
    private async Task SendAsync(SimulatedReplica replica, Job job, int partition, Acknowledged entry)
    {
        var prefix = Keys.Partition(_plane.Name, partition);
        for (var again = _random.Next(3); again >= 0; again--)
        {
            var atMs = replica.Clock.NowMs;
            job.Content = entry with { AtMs = atMs };
            try
            {
                var isTaken = await (
                    entry.Change is { } change ? _plane.Log.AppendAsync(prefix, atMs, change)
                    : entry.Merge is { } merge ? _plane.Log.AppendAsync(prefix, atMs, merge)
                    : entry.Erased is { } erased ? _plane.Log.AppendErasureAsync(prefix, atMs, erased)
                    : _plane.Log.AppendAsync(prefix, atMs, [.. entry.Events.Select(EventLog.Line)]));
                if (isTaken) job.Taken.ShouldBeGreaterThan(0, "what is acknowledged is in the log");
                replica.Workspace.Slots[partition].Partition.LogGrew();
                return;
            }
            catch (StoreUnavailableException) when (again > 0)
            {
            }
        }
    }

    private void PassTime()
    {
        var nowMs = _cluster.Any().Clock.NowMs;
        var dues = _cluster.Partitions.Select(partition => partition.NextDueMs).Where(dueMs => dueMs > nowMs && dueMs != Verdict.Never).ToArray();
        var ms = _random.Next(3) switch
        {
            0 when dues.Length > 0 => Math.Min(dues[_random.Next(dues.Length)] - nowMs, 10 * _shape.History.LongestWaitMs),
            1 => _random.Next(1, 6_000),
            _ => _random.NextInt64(1, _shape.History.LongestWaitMs),
        };
        Note($"{ms} ms pass");
        _cluster.PassTime(ms);
    }

    private void Learn()
    {
        var replica = _cluster.Any();
        var kind = _random.Next(4);
        Note($"learn {kind} {replica.Process.Name}");
        if (kind == 0) _cluster.Shared.Report(_ => _random.Next(2) == 0);
        else if (kind == 1) _cluster.Look(replica);
        else if (replica.Follower is { } follower) Begin(replica, "follow", _ => _cluster.Shared.FollowAsync(follower));
    }

    private void Plan()
    {
        Begin(_cluster.Leader, "plan", async _ =>
        {
            try
            {
                await _plane.PlanIfWantedAsync();
            }
            catch (StoreUnavailableException)
            {
                _plane.WantPlan();
            }
        });
    }

    private void Declare()
    {
        Note("declare");
        PartitionPropertyTests.ChangeDefinition(_plane, _random);
    }

    private void Begin(SimulatedReplica replica, string what, Func<Job, Task> work)
    {
        if (replica.Process.AsleepUntil > Steps) return;
        if (_network.Begin(replica.Process, what, work)) Note($"begin {replica.Process.Name} {what}");
    }

    private void Note(string step)
    {
        Steps++;
        Trace.Add(step);
    }

    private sealed record Offered(SimulatedReplica Replica, CustomerEvent[] Events, Task<bool> Committed);
}
