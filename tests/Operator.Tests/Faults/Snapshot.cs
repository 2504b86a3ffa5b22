using System.Text.Json;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using StackExchange.Redis;
using Receiver = global::Operator.Tests.Audiences.WebhookReceiver;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>All that Redis holds of the partitions, what its append-only file says has led to it, and what the audiences were told: at one instant.</summary>
internal sealed record Snapshot(
    Journal Journal,
    IReadOnlyList<StoredPartition> Partitions,
    IReadOnlyDictionary<string, IReadOnlyList<Flip>> Told,
    IReadOnlyDictionary<string, IReadOnlySet<string>> Audiences)
{
    public static async Task<Snapshot> TakeAsync(FaultRig rig)
    {
        using var redis = await DataPlane.ConnectAsync(rig.Redis.Configuration, FaultRig.Partitions);
        using var held = await rig.Proxy.HoldAsync();
        var mark = Guid.NewGuid().ToByteArray();
        await redis.Database.StringSetAsync("mark", mark); // once it is in the file, all before it is
        byte[] file = [];
        await Eventually.HoldsAsync(() => (file = File.ReadAllBytes(rig.Redis.AppendOnlyFile)).AsSpan().IndexOf(mark) >= 0, "the file is up to date");
        var partitions = new List<StoredPartition>();
        for (var p = 0; p < FaultRig.Partitions; p++) partitions.Add(await StoredPartition.ReadAsync(redis.Database, Keys.Partition(FaultRig.Workspace, p)));
        return new Snapshot(
            Journal.Read(file, FaultRig.Workspace, FaultRig.Partitions), partitions,
            rig.Audiences.ToDictionary(a => a.Key, a => ToldTo(a.Value)), rig.Audiences.ToDictionary(a => a.Key, a => a.Value.Members));
    }

    private static IReadOnlyList<Flip> ToldTo(Receiver receiver) =>
    [
        .. receiver.Accepted.SelectMany(delivery => JsonDocument.Parse(delivery.Body).RootElement.GetProperty("data").GetProperty("changes").EnumerateArray())
            .Select(change => new Flip(
                change.GetProperty("profileId").GetString()!,
                change.GetProperty("action").GetString() == "added",
                change.GetProperty("at").GetDateTimeOffset().ToUnixTimeMilliseconds(),
                change.GetProperty("cause").GetString()!)),
    ];
}

/// <summary>The sorted sets and hashes of a partition; those of a profile and event name, and the members of segments, by the rest of their keys.</summary>
/// <param name="ForwardLength">How much there is for other partitions.</param>
internal sealed record StoredPartition(
    IReadOnlyDictionary<string, Dictionary<string, long>> SortedSets, IReadOnlyDictionary<string, Dictionary<string, string>> Hashes, long ForwardLength)
{
    private const string EventsPrefix = "events:";
    private const string ProfilePrefix = "profile:";

    public static async Task<StoredPartition> ReadAsync(IDatabase database, string prefix)
    {
        var sets = new Dictionary<string, Dictionary<string, long>>();
        var hashes = new Dictionary<string, Dictionary<string, string>>();
        var keys = await Dump.KeysAsync(database, prefix);
        await Task.WhenAll(keys.Where(k => !k.Contains(":outbox:") && k != Keys.Log(prefix) && k != Keys.Forward(prefix)).Select(async key =>
        {
            var suffix = key[prefix.Length..];
            if (suffix is "owner" or "flow" || suffix.StartsWith(ProfilePrefix, StringComparison.Ordinal))
            {
                var fields = await database.HashGetAllAsync(key);
                lock (hashes) hashes[suffix] = fields.ToDictionary(f => (string)f.Name!, f => (string)f.Value!);
            }
            else
            {
                var members = await database.SortedSetRangeByRankWithScoresAsync(key);
                lock (sets) sets[suffix] = members.ToDictionary(m => (string)m.Element!, m => (long)m.Score);
            }
        }));
        return new StoredPartition(sets, hashes, (long)await database.ExecuteAsync("XLEN", Keys.Forward(prefix)));
    }

    /// <summary>The events of all profiles.</summary>
    public IEnumerable<CustomerEvent> Events => SortedSets.Where(s => s.Key.StartsWith(EventsPrefix, StringComparison.Ordinal))
        .SelectMany(s => s.Value.Select(member => BroughtEvents.Event(s.Key[EventsPrefix.Length..], member.Value, member.Key).Event!));

    /// <summary>The profiles that were merged into others, and all that is held of them.</summary>
    public IReadOnlyDictionary<string, string> Merged => Hashes.Where(h => h.Value.ContainsKey(StoredProfile.IntoField))
        .ToDictionary(h => h.Key[ProfilePrefix.Length..], h => string.Join(' ', h.Value.Select(f => $"{f.Key}={f.Value}")));

    public IReadOnlyDictionary<string, long> SortedSet(string key) => SortedSets.GetValueOrDefault(key) ?? [];

    public IReadOnlyDictionary<string, string> Hash(string key) => Hashes.GetValueOrDefault(key) ?? [];
}
