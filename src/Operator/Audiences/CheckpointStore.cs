using System.Globalization;
using System.Text.Json;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Audiences;

/// <summary>
/// Reads and writes checkpoints: one hash per AudienceSync. Every write but the first carries the sequence that its writer has seen and is refused
/// when another has written since, so that a former leader cannot turn a checkpoint back.
/// </summary>
internal sealed class CheckpointStore(RedisConnection redis)
{
    private const string Segment = "segment";
    private const string Sequence = "seq";
    private const string Synced = "synced";
    private const string LastSync = "lastSync";
    private const string Inflight = "inflight";
    private const string Gone = "gone";
    private const string PositionPrefix = "p:";

    /// <returns>Null when there is none.</returns>
    public async Task<SyncCheckpoint?> ReadAsync(string workspace, string uid)
    {
        var entries = await redis.AskAsync(db => db.HashGetAllAsync(Keys.Sync(workspace, uid), CommandFlags.DemandMaster));
        if (entries.Length == 0) return null;
        var fields = entries.ToDictionary(e => (string)e.Name!, e => (string)e.Value!);
        return new SyncCheckpoint(
            fields.GetValueOrDefault(Segment, ""),
            Number(fields, Sequence),
            Number(fields, Synced),
            Number(fields, LastSync),
            fields.Where(f => f.Key.StartsWith(PositionPrefix, StringComparison.Ordinal))
                .ToDictionary(f => int.Parse(f.Key.AsSpan(PositionPrefix.Length), CultureInfo.InvariantCulture), f => FeedPosition.Parse(f.Value)),
            fields.TryGetValue(Inflight, out var json) ? JsonSerializer.Deserialize(json, AudienceJson.Default.InflightBatch) : null,
            Number(fields, Gone));
    }

    /// <summary>Begins one, before anything is read for it: from then on no outbox entry is forgotten without it.</summary>
    /// <exception cref="OutOfStepException">There is one.</exception>
    public async Task<SyncCheckpoint> CreateAsync(string workspace, string uid, string segment)
    {
        await WriteAsync(workspace, uid, seen: RedisValue.EmptyString, [new(Segment, segment), new(Sequence, 0), new(Synced, 0)], []);
        return new SyncCheckpoint(segment, 0, 0, 0, new Dictionary<int, FeedPosition>(), Inflight: null, GoneGeneration: 0);
    }

    /// <summary>Remembers a batch before its first attempt.</summary>
    public async Task<SyncCheckpoint> BeginAsync(string workspace, string uid, SyncCheckpoint checkpoint, InflightBatch batch)
    {
        await WriteAsync(workspace, uid, checkpoint, [new(Inflight, JsonSerializer.Serialize(batch, AudienceJson.Default.InflightBatch))]);
        return checkpoint with { Sequence = checkpoint.Sequence + 1, Inflight = batch };
    }

    /// <summary>Writes down that the batch in flight is delivered, all at once.</summary>
    public async Task<SyncCheckpoint> CompleteAsync(string workspace, string uid, SyncCheckpoint checkpoint, long nowMs)
    {
        var batch = checkpoint.Inflight!;
        var positions = batch.Positions.ToDictionary(p => p.Key, p => FeedPosition.Parse(p.Value));
        var after = checkpoint with
        {
            Sequence = checkpoint.Sequence + 1,
            Synced = checkpoint.Synced + batch.Changes.Count,
            LastSyncMs = nowMs,
            Positions = Merge(checkpoint.Positions, positions),
            Inflight = null,
        };
        await WriteAsync(workspace, uid, checkpoint, [new(Synced, after.Synced), new(LastSync, nowMs), .. Fields(positions)], Inflight);
        return after;
    }

    /// <summary>Forgets the batch in flight: the destination has refused it for its size, and it will be put together anew.</summary>
    public async Task<SyncCheckpoint> AbandonAsync(string workspace, string uid, SyncCheckpoint checkpoint)
    {
        await WriteAsync(workspace, uid, checkpoint, [], Inflight);
        return checkpoint with { Sequence = checkpoint.Sequence + 1, Inflight = null };
    }

    /// <summary>Moves positions past what need not be delivered.</summary>
    public async Task<SyncCheckpoint> AdvanceAsync(string workspace, string uid, SyncCheckpoint checkpoint, IReadOnlyDictionary<int, FeedPosition> positions)
    {
        await WriteAsync(workspace, uid, checkpoint, [.. Fields(positions)]);
        return checkpoint with { Sequence = checkpoint.Sequence + 1, Positions = Merge(checkpoint.Positions, positions) };
    }

    /// <summary>Remembers that the destination wants nothing more while the spec is that of this generation.</summary>
    public Task MarkGoneAsync(string workspace, string uid, SyncCheckpoint checkpoint, long generation) =>
        WriteAsync(workspace, uid, checkpoint, [new(Gone, generation)]);

    /// <summary>Forgets how far it has got: what follows begins with all members again.</summary>
    public Task ResetAsync(string workspace, string uid, SyncCheckpoint checkpoint) =>
        WriteAsync(workspace, uid, checkpoint, [], [Inflight, .. checkpoint.Positions.Keys.Select(Field)]);

    public Task DeleteAsync(string workspace, string uid) => redis.AskAsync(db => db.KeyDeleteAsync(Keys.Sync(workspace, uid)));

    /// <summary>The outbox ids that a sync no longer needs, per partition asked; null where it has not begun.</summary>
    /// <returns>Null when there is no checkpoint, or one of another segment: it needs nothing.</returns>
    public async Task<IReadOnlyList<StreamId?>?> ReadFloorsAsync(string workspace, string uid, string segment, IReadOnlyList<int> partitions)
    {
        var values = await redis.AskAsync(db => db.HashGetAsync(
            Keys.Sync(workspace, uid), [Segment, .. partitions.Select(p => (RedisValue)Field(p))], CommandFlags.DemandMaster));
        if (values[0] != segment) return null;
        return Array.ConvertAll(values[1..], v => v.IsNull ? null : StreamId.Parse(FeedPosition.Parse((string)v!).OutboxId));
    }

    private Task WriteAsync(string workspace, string uid, SyncCheckpoint seen, List<HashEntry> set, params string[] removed) =>
        WriteAsync(workspace, uid, seen.Sequence, [.. set, new(Sequence, seen.Sequence + 1)], Array.ConvertAll(removed, f => (RedisValue)f));

    private async Task WriteAsync(string workspace, string uid, RedisValue seen, HashEntry[] set, RedisValue[] removed)
    {
        if (!await SeenHash.WriteAsync(redis, Keys.Sync(workspace, uid), Sequence, seen, set, removed))
            throw new OutOfStepException("The checkpoint is not where its writer believes it is.");
    }

    private static Dictionary<int, FeedPosition> Merge(IReadOnlyDictionary<int, FeedPosition> before, IReadOnlyDictionary<int, FeedPosition> changed)
    {
        var merged = new Dictionary<int, FeedPosition>(before);
        foreach (var (partition, position) in changed) merged[partition] = position;
        return merged;
    }

    private static IEnumerable<HashEntry> Fields(IReadOnlyDictionary<int, FeedPosition> positions) =>
        positions.Select(p => new HashEntry(Field(p.Key), p.Value.Format()));

    private static string Field(int partition) => PositionPrefix + partition.ToString(CultureInfo.InvariantCulture);

    private static long Number(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
}
