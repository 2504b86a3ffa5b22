using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Segmentation.Operator.Reconcilers;
using Segmentation.Operator.Storage;
using Segmentation.Resources;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// Lets the replica that leads know what the others know of their shares: those write a <see cref="ReplicaReport"/> for each workspace in which
/// something happened, at a bounded rate, and the leader reads them when it is told to, and now and then in case a message was lost. A replica alone
/// does neither.
/// </summary>
internal sealed class ReportExchange(
    WorkspaceRegistry registry,
    RedisConnection redis,
    ReplicaMessages messages,
    LiveReplicas replicas,
    Leadership leadership,
    EntityStore<Segment> segments,
    TimeProvider time,
    ILogger<ReportExchange> logger) : IReplicaWork
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    // Numbers may wait; the end of a pass or a new share may not. The numbers of a day fall by time alone, to the minute.
    private static readonly TimeSpan NumbersInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, bool> _urgent = new();
    private readonly ConcurrentDictionary<(string Workspace, string Segment, int Partition), bool> _moved = new();
    private readonly ConcurrentDictionary<string, bool> _toRead = new();
    private readonly Dictionary<string, long> _writtenAt = [];
    private volatile bool _writes;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        registry.ShareChanges += NoteShare;
        registry.MembershipChanges += NoteMove;
        try
        {
            await Task.WhenAll(
                ExchangeAsync(cancellationToken),
                messages.ListenAsync(ReplicaMessages.Reported, (workspace, _) => _toRead[workspace] = true, cancellationToken),
                messages.ListenAsync(ReplicaMessages.Moved, Moved, cancellationToken));
        }
        finally
        {
            registry.ShareChanges -= NoteShare;
            registry.MembershipChanges -= NoteMove;
        }
    }

    private void NoteShare(string workspace)
    {
        if (_writes) _urgent[workspace] = true;
    }

    private void NoteMove(string workspace, string segment, int partition)
    {
        if (_writes) _moved[(workspace, segment, partition)] = true;
    }

    private void Moved(string workspace, IReadOnlyList<string> words)
    {
        if (_writes) return; // not the leader; nobody here wants to know
        foreach (var partition in words.Skip(1)) registry.MembershipChanged(workspace, words[0], int.Parse(partition, CultureInfo.InvariantCulture));
    }

    private async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        var readAt = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            var wrote = _writes;
            _writes = !leadership.IsLeader;
            var readsAll = (wrote && !_writes) || time.GetElapsedTime(readAt) >= ReadInterval;
            if (_writes) await WriteDueAsync();
            else if (replicas.Current.Count > 1) await ReadDueAsync(readsAll);
            if (readsAll) readAt = time.GetTimestamp();
            await Task.Delay(Tick, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WriteDueAsync()
    {
        var moves = _moved.Keys.ToArray();
        var moved = moves.Select(m => m.Workspace).ToHashSet();
        foreach (var workspace in registry.All)
        {
            var age = _writtenAt.TryGetValue(workspace.Name, out var at) ? time.GetElapsedTime(at) : Refresh;
            if (!_urgent.ContainsKey(workspace.Name) && age < (moved.Contains(workspace.Name) ? NumbersInterval : Refresh)) continue;
            _urgent.TryRemove(workspace.Name, out _);
            foreach (var move in moves.Where(m => m.Workspace == workspace.Name)) _moved.TryRemove(move, out _);
            try
            {
                await WriteAsync(workspace, moves);
                _writtenAt[workspace.Name] = time.GetTimestamp();
            }
            catch (Exception e) when (e is StoreUnavailableException or RedisException)
            {
                Log.ReportFailed(logger, workspace.Name, e.GetType().Name);
                _urgent[workspace.Name] = true;
            }
        }
    }

    private async Task WriteAsync(Workspace workspace, IEnumerable<(string Workspace, string Segment, int Partition)> moves)
    {
        if (workspace.Plan is not { } plan) return;
        var report = ReplicaReport.Of(workspace, plan, segment => segments.Get(workspace.Name, segment) is { } declared ? Drift.WindowOf(declared.Spec) : Partitions.SegmentNumbers.Day);
        await redis.AskAsync(db => db.HashSetAsync(
            Keys.Replicas(workspace.Name), replicas.Self, JsonSerializer.SerializeToUtf8Bytes(report, ReplicaReportJson.Default.ReplicaReport)));
        await messages.TellAsync(ReplicaMessages.Reported, workspace.Name);
        var heard = plan.Segments.Where(s => s.IsServing && s.HasAudience).Select(s => s.Name).ToHashSet();
        foreach (var segment in moves.Where(m => m.Workspace == workspace.Name && heard.Contains(m.Segment)).GroupBy(m => m.Segment))
        {
            await messages.TellAsync(
                ReplicaMessages.Moved, workspace.Name, segment.Select(m => m.Partition.ToString(CultureInfo.InvariantCulture)).Prepend(segment.Key));
        }
    }

    private async Task ReadDueAsync(bool all)
    {
        var told = _toRead.Keys.ToArray();
        foreach (var name in told) _toRead.TryRemove(name, out _);
        foreach (var workspace in all ? registry.All : told.Select(registry.Find).OfType<Workspace>())
        {
            try
            {
                await ReadAsync(workspace);
            }
            catch (Exception e) when (e is StoreUnavailableException or RedisException)
            {
                _toRead[workspace.Name] = true;
            }
        }
    }

    private async Task ReadAsync(Workspace workspace)
    {
        var fields = await redis.AskAsync(db => db.HashGetAllAsync(Keys.Replicas(workspace.Name), CommandFlags.DemandMaster));
        var live = replicas.Current;
        var others = fields.ToLookup(field => live.Contains((string)field.Name!) && field.Name != replicas.Self);
        workspace.Take(others[true].ToDictionary(field => (string)field.Name!, field => JsonSerializer.Deserialize((byte[])field.Value!, ReplicaReportJson.Default.ReplicaReport)!));

        // Of replicas that have ended, and of the time before this one led. One that is alive after all writes its report again within a minute.
        if (replicas.IsProven && others[false].Any())
            await redis.AskAsync(db => db.HashDeleteAsync(Keys.Replicas(workspace.Name), [.. others[false].Select(field => field.Name)]));
    }
}
