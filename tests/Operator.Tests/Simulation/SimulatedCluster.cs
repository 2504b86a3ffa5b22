using Segmentation.Operator.Partitions;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Replicas;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>The replicas of a simulation: they come, sleep, err about each other and the time, and end, and not all of them at once know of it.</summary>
internal sealed class SimulatedCluster
{
    private readonly DataPlane _plane;
    private readonly SharedPlane _shared;
    private readonly SimulatedNetwork _network;
    private readonly Random _random;
    private readonly int _followersMax;
    private readonly List<SimulatedReplica> _replicas = [];
    private int _leaders;
    private long _latestMs;

    public SimulatedCluster(SharedPlane shared, SimulatedNetwork network, Random random, int followersMax)
    {
        _plane = shared.Plane;
        _shared = shared;
        _network = network;
        _random = random;
        _followersMax = followersMax;
        Lead();
    }

    public SimulatedReplica Leader => _replicas[0];

    public SharedPlane Shared => _shared;

    public IEnumerable<Partition> Partitions => _replicas.SelectMany(replica => replica.Workspace.Slots).Select(slot => slot.Partition);

    public SimulatedReplica Any() => _replicas[_random.Next(_replicas.Count)];

    /// <summary>One that believes the partition to be its share; any where none does.</summary>
    public SimulatedReplica AnyOwner(int partition)
    {
        var owners = _replicas.Where(replica => replica.Workspace.Owns(partition)).ToArray();
        return owners.Length > 0 ? owners[_random.Next(owners.Length)] : Any();
    }

    /// <summary>A replica looks who is there.</summary>
    public void Look(SimulatedReplica replica) => _shared.Look(replica.Follower is { } follower ? 1 + _shared.Followers.ToList().IndexOf(follower) : 0);

    public void PassTime(long ms)
    {
        _plane.Time.Advance(ms);
        NoteClocks();
    }

    /// <summary>One leads, all are awake, and every clock shows the latest instant that any has shown.</summary>
    public void Recover()
    {
        foreach (var former in Formers.ToArray()) End(former);
        foreach (var replica in _replicas) replica.Process.AsleepUntil = 0;
        _plane.Time.Advance(Math.Max(0, _latestMs - _plane.Time.NowMs));
        foreach (var replica in _replicas) replica.Clock.MoveTo(_plane.Time.GetUtcNow());
    }

    /// <returns>What has happened.</returns>
    public string Disturb(int step)
    {
        var replica = Any();
        switch (_random.Next(14))
        {
            case < 4 when _shared.Followers.Count < _followersMax:
                return $"{Follow().Process.Name} joins";
            case 4 when replica.Follower is not null:
                End(replica);
                return $"{replica.Process.Name} crashes";
            case 5:
                End(Leader);
                return $"{Lead().Process.Name} takes the place of one that has crashed";
            case 6 or 7 when Formers.Count() < 2:
                return $"{Lead().Process.Name} takes the place of one that does not know of it";
            case 8 when Formers.FirstOrDefault() is { } former:
                End(former);
                return $"{former.Process.Name} ends";
            case 9 or 10:
                replica.Process.AsleepUntil = step + _random.Next(10, 400);
                return $"{replica.Process.Name} sleeps";
            case 11 or 12:
                var others = replica.Workspace.Replicas.Current.Where(name => name != replica.Workspace.Replicas.Self).ToArray();
                if (others.Length > 0) replica.Workspace.Replicas.Lost(others[_random.Next(others.Length)]);
                return $"{replica.Process.Name} takes another for ended";
            default:
                replica.Clock.MoveTo(_plane.Time.GetUtcNow().AddMilliseconds(_random.NextInt64(-2 * History.HourMs, 2 * History.HourMs)));
                NoteClocks();
                return $"{replica.Process.Name} sets its clock";
        }
    }

    private IEnumerable<SimulatedReplica> Formers => _replicas.Where(replica => replica.Follower is null && replica != Leader);

    private SimulatedReplica Lead()
    {
        if (_leaders > 0) _network.Calmly(_plane.OpenAgainAsync);
        _replicas.Insert(0, new SimulatedReplica(new SimulatedProcess($"leader-{++_leaders}"), _plane.Workspace, _plane.Clock, null));
        return Leader;
    }

    private SimulatedReplica Follow()
    {
        var clock = new BusinessClock(_plane.Time);
        var follower = _network.Calmly(() => _shared.AddAsync(clock));
        var replica = new SimulatedReplica(new SimulatedProcess(follower.Name), follower.Workspace, clock, follower);
        _replicas.Add(replica);
        return replica;
    }

    private void End(SimulatedReplica replica)
    {
        _replicas.Remove(replica);
        replica.Process.HasEnded = true;
        _network.Forget(replica.Process);
        if (replica.Follower is { } follower) _shared.Crash(follower);
    }

    private void NoteClocks() => _latestMs = _replicas.Select(replica => replica.Clock.NowMs).Append(_latestMs).Max();
}

/// <param name="Follower">Null of one that leads, or believes to.</param>
internal sealed record SimulatedReplica(SimulatedProcess Process, Workspace Workspace, BusinessClock Clock, Follower? Follower);
