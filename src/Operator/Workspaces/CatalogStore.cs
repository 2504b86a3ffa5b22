using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>Reads and writes catalogs: one hash per workspace, one field per segment, policy, set of break points and model.</summary>
internal sealed class CatalogStore(RedisConnection redis)
{
    private const string PartitionsField = "partitions";
    private const string VersionField = "version";
    private const string ShardField = "shard";
    private const string SegmentPrefix = "segment/";
    private const string PolicyPrefix = "policy/";
    private const string BreakPointsPrefix = "breakpoints/";
    private const string ModelPrefix = "model/";

    /// <summary>The catalog as stored; <see cref="Catalog.Partitions"/> is 0 for a workspace that was never opened.</summary>
    public async Task<Catalog> ReadAsync(string workspace)
    {
        var entries = await redis.AskAsync(db => db.HashGetAllAsync(Keys.Catalog(workspace), CommandFlags.DemandMaster));
        var fields = entries.ToDictionary(e => (string)e.Name!, e => (string)e.Value!);
        return new Catalog
        {
            Partitions = fields.TryGetValue(PartitionsField, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 0,
            Shard = fields.GetValueOrDefault(ShardField) ?? "",
            Version = fields.TryGetValue(VersionField, out var version) ? long.Parse(version, CultureInfo.InvariantCulture) : 0,
            Segments = Entries(fields, SegmentPrefix, CatalogJson.Default.SegmentEntry),
            Policies = Entries(fields, PolicyPrefix, CatalogJson.Default.PolicyEntry),
            BreakPoints = Entries(fields, BreakPointsPrefix, CatalogJson.Default.BreakPointsEntry),
            Models = Entries(fields, ModelPrefix, CatalogJson.Default.ModelEntry),
        };
    }

    /// <summary>The version of the stored catalog, 0 before it was first written.</summary>
    public async Task<long> ReadVersionAsync(string workspace) =>
        (long)await redis.AskAsync(db => db.HashGetAsync(Keys.Catalog(workspace), VersionField, CommandFlags.DemandMaster));

    /// <summary>The version of the stored catalog and the shard that has claimed the workspace; null when none has.</summary>
    public async Task<(long Version, string? Shard)> ReadClaimAsync(string workspace)
    {
        var fields = await redis.AskAsync(db => db.HashGetAsync(Keys.Catalog(workspace), [VersionField, ShardField], CommandFlags.DemandMaster));
        return ((long)fields[0], fields[1]);
    }

    /// <summary>
    /// Opens a workspace: claims it for a shard and fixes its number of partitions if nobody has, and reads the catalog. When its
    /// <see cref="Catalog.Shard"/> is another one, the workspace is not ours to touch.
    /// </summary>
    public async Task<Catalog> OpenAsync(string workspace, string shard = "")
    {
        await redis.AskAsync(db => db.HashSetAsync(Keys.Catalog(workspace), ShardField, shard, When.NotExists));
        await redis.AskAsync(db => db.HashSetAsync(Keys.Catalog(workspace), PartitionsField, redis.Options.Partitions, When.NotExists));
        return await ReadAsync(workspace);
    }

    /// <summary>Gives up the claim on a workspace that nothing is declared in any more: whoever opens it next has it.</summary>
    public async Task ReleaseAsync(string workspace)
    {
        await redis.AskAsync(db => db.HashDeleteAsync(Keys.Catalog(workspace), ShardField));
        await redis.AskAsync(db => db.KeyDeleteAsync(Keys.Replicas(workspace)));
    }

    /// <summary>
    /// Writes what differs, all at once: readers see the catalog before or after, nothing between. The version becomes one higher than that of
    /// <paramref name="after"/>; it stays when nothing differs from a catalog that was written before.
    /// </summary>
    /// <param name="before">What is stored now.</param>
    /// <param name="after">Of no lower version than <paramref name="before"/>.</param>
    /// <returns>The catalog as it is stored now.</returns>
    /// <exception cref="StoreUnavailableException">Redis did not answer, or what is stored is not <paramref name="before"/>.</exception>
    public async Task<Catalog> WriteAsync(string workspace, Catalog before, Catalog after)
    {
        var set = new List<HashEntry>();
        var removed = new List<RedisValue>();
        Difference(before.Segments, after.Segments, SegmentPrefix, CatalogJson.Default.SegmentEntry, set, removed);
        Difference(before.Policies, after.Policies, PolicyPrefix, CatalogJson.Default.PolicyEntry, set, removed);
        Difference(before.BreakPoints, after.BreakPoints, BreakPointsPrefix, CatalogJson.Default.BreakPointsEntry, set, removed);
        Difference(before.Models, after.Models, ModelPrefix, CatalogJson.Default.ModelEntry, set, removed);
        if (set.Count + removed.Count == 0 && before.Version > 0) return after with { Version = before.Version };

        // A former leader that slept through the loss of its lease must not write over what its successor has stored.
        var seen = before.Version == 0 ? RedisValue.EmptyString : before.Version;
        set.Add(new HashEntry(VersionField, after.Version + 1));
        if (before.Partitions != after.Partitions) set.AddRange([new(PartitionsField, after.Partitions), new(ShardField, after.Shard)]); // Redis came back empty
        if (!await SeenHash.WriteAsync(redis, Keys.Catalog(workspace), VersionField, seen, set, removed))
            throw new StoreUnavailableException("The catalog was changed by another replica; planning again.");
        return after with { Version = after.Version + 1 };
    }

    private static Dictionary<string, T> Entries<T>(Dictionary<string, string> fields, string prefix, JsonTypeInfo<T> type) =>
        fields.Where(f => f.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(f => f.Key[prefix.Length..], f => JsonSerializer.Deserialize(f.Value, type)!);

    private static void Difference<T>(
        IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> after, string prefix, JsonTypeInfo<T> type, List<HashEntry> set, List<RedisValue> removed)
        where T : class
    {
        foreach (var (name, entry) in after)
        {
            if (!ReferenceEquals(before.GetValueOrDefault(name), entry)) set.Add(new HashEntry(prefix + name, JsonSerializer.Serialize(entry, type)));
        }
        removed.AddRange(before.Keys.Where(name => !after.ContainsKey(name)).Select(name => (RedisValue)(prefix + name)));
    }
}
