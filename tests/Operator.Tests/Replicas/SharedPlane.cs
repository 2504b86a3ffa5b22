using Kubernetes.LeaderElection;
using Kubernetes.Model;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Tests.Replicas;

/// <summary>
/// A workspace shared by replicas within one process, step by step: the plane's own workspace leads, the others follow. Each sees the replicas, the
/// catalog and the reports when a test lets it, in any order and as late as it likes.
/// </summary>
internal sealed class SharedPlane : IAsyncDisposable
{
    public const string Leader = "leader";
    private const int RoundsBound = 20_000;

    private readonly CatalogStore _catalogs;
    private readonly List<Follower> _followers = [];
    private int _names;
    private int _renewals;

    /// <param name="plane">Shared as <see cref="Leader"/>.</param>
    public SharedPlane(DataPlane plane)
    {
        Plane = plane;
        _catalogs = new CatalogStore(plane.Redis);
        See(plane.Replicas, Leader);
    }

    public DataPlane Plane { get; }

    public IReadOnlyList<Follower> Followers => _followers;

    /// <summary>How often a turn was refused because another replica had taken the partition.</summary>
    public int Fenced { get; private set; }

    public static async Task<SharedPlane> OpenAsync(string redisConfiguration, int partitions, DataPlaneOptions options, RetentionOptions? retention = null) =>
        new(await DataPlane.OpenAsync(redisConfiguration, partitions, options, retention: retention, sharedAs: Leader));

    /// <summary>One more replica, which nobody but itself sees yet.</summary>
    /// <param name="clock">Its own, if that may differ from the leader's.</param>
    public async Task<Follower> AddAsync(BusinessClock? clock = null)
    {
        var name = $"follower-{++_names}";
        var replicas = new LiveReplicas(name, TimeSpan.FromDays(10_000), Plane.Time);
        See(replicas, name);
        var services = Plane.Services with { Replicas = replicas, Clock = clock ?? Plane.Clock, Cache = new CacheBudget(Plane.Services.Options) };
        var follower = new Follower(name, new Workspace(Plane.Name, await _catalogs.ReadAsync(Plane.Name), services, Plane));
        _followers.Add(follower);
        return follower;
    }

    /// <summary>It is gone with all it knew; the others learn of it when they look.</summary>
    public void Crash(Follower follower) => _followers.Remove(follower);

    /// <summary>One replica, by its number, looks who is there.</summary>
    public void Look(int number)
    {
        var replicas = number == 0 ? Plane.Replicas : _followers[number - 1].Workspace.Replicas;
        var there = _followers.Select(follower => follower.Name).Append(Leader).ToArray();
        foreach (var name in there.Except(replicas.Current)) See(replicas, name);
        foreach (var name in replicas.Current.Except(there).ToArray()) replicas.Lost(name);
    }

    /// <returns>Whether there was anything new.</returns>
    public async Task<bool> FollowAsync(Follower follower)
    {
        var catalog = await _catalogs.ReadAsync(Plane.Name);
        if (catalog.Version == 0 || (follower.Workspace.Plan is { } plan && plan.Version >= catalog.Version)) return false;
        follower.Workspace.Follow(catalog);
        return true;
    }

    /// <summary>The leader reads the reports of some of the replicas anew.</summary>
    public void Report(Func<Follower, bool>? which = null)
    {
        foreach (var follower in _followers.Where(which ?? (_ => true)))
        {
            if (follower.Workspace.Plan is { } plan) follower.Reported = ReplicaReport.Of(follower.Workspace, plan, _ => SegmentNumbers.Day);
        }
        Plane.Workspace.Take(_followers.Where(follower => follower.Reported is not null).ToDictionary(follower => follower.Name, follower => follower.Reported!));
    }

    /// <summary>A turn of a partition on one replica, by its number.</summary>
    public async Task<bool> TurnAsync(int number, int partition)
    {
        try
        {
            return await (number == 0 ? Plane.Workspace : _followers[number - 1].Workspace).Slots[partition].Partition.TakeTurnAsync();
        }
        catch (FencedException)
        {
            Fenced++;
            return true;
        }
    }

    /// <summary>All see each other and what there is to see, until there is nothing left to do.</summary>
    public async Task DrainAsync()
    {
        var idle = 0;
        for (var round = 0; idle < 2; round++)
        {
            if (round > RoundsBound) throw new TimeoutException("The replicas find more and more to do.");
            var worked = false;
            for (var r = 0; r <= _followers.Count; r++) Look(r);
            worked |= await Plane.PlanIfWantedAsync();
            foreach (var follower in _followers) worked |= await FollowAsync(follower);
            for (var p = 0; p < Plane.PartitionCount; p++)
            {
                for (var r = 0; r <= _followers.Count; r++) worked |= await TurnAsync(r, p) || IsDue(r, p);
            }
            worked |= Plane.TakeForwarded();
            Report();
            if (!Plane.Workspace.HasNumbers || Workspaces.SelectMany(workspace => workspace.Slots).Any(slot => slot.Partition.LookAgainIn is not null))
            {
                // Somebody waits for an owner that is gone, or longer and longer after a fight.
                worked = true;
                Plane.Time.Advance(1_000);
            }
            idle = worked ? 0 : idle + 1;
        }
    }

    public ValueTask DisposeAsync() => Plane.DisposeAsync();

    private IEnumerable<Workspace> Workspaces => _followers.Select(follower => follower.Workspace).Prepend(Plane.Workspace);

    private bool IsDue(int number, int partition) =>
        (number == 0 ? Plane.Workspace : _followers[number - 1].Workspace).Slots[partition].Partition.NextDueMs <= Plane.Clock.NowMs;

    private void See(LiveReplicas by, string name)
    {
        var renewTime = DateTimeOffset.UnixEpoch.AddSeconds(++_renewals);
        if (by.Self == name) by.Sent(renewTime);
        by.Saw(new V1Lease
        {
            Metadata = new ObjectMeta { Name = name },
            Spec = new V1LeaseSpec { HolderIdentity = name, LeaseDurationSeconds = int.MaxValue, RenewTime = renewTime },
        });
    }
}

/// <summary>A replica that does not lead.</summary>
internal sealed record Follower(string Name, Workspace Workspace)
{
    public ReplicaReport? Reported { get; set; }
}
