using System.Globalization;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Audiences;

/// <summary>One segment's outbox and members in each partition, as audiences read them.</summary>
internal sealed class Outbox(RedisConnection redis, string workspace, string segment)
{
    private const int CountedOneByOne = 1000;

    private static readonly Script Page = new("members-page", ScriptKeys.OfPartition);
    private static readonly Script Pending = new("outbox-pending", ScriptKeys.One);
    private static readonly Script Drop = new("outbox-drop", ScriptKeys.OfPartition);

    /// <summary>A page of members after a position (exclusive; null: from the beginning), with the state of the partition at that instant.</summary>
    public async Task<MembersPage> ReadMembersAsync(int partition, AmongMembers? after, int count)
    {
        var reply = (RedisResult[])(await redis.AskAsync(db => Page.RunAsync(
            db, Keys.Owner(Prefix(partition)), segment, after?.Revision ?? "", after?.JoinedAt ?? "", after?.ProfileId ?? "", count)))!;
        var flat = (RedisValue[])reply[3]!;
        var members = new (string ProfileId, string JoinedAt)[flat.Length / 2];
        for (var i = 0; i < members.Length; i++) members[i] = ((string)flat[2 * i]!, (string)flat[(2 * i) + 1]!);
        return new MembersPage(((string)reply[0]!).Split(' '), (string)reply[1]!, (string)reply[2]!, members);
    }

    /// <summary>Entries after an id (exclusive), oldest first.</summary>
    public async Task<OutboxEntry[]> ReadAsync(int partition, string afterId, int count)
    {
        var reply = (RedisResult[])(await redis.AskAsync(db => db.ExecuteAsync(
            "XRANGE", [Keys.Outbox(Prefix(partition), segment), "(" + afterId, "+", "COUNT", count], CommandFlags.DemandMaster)))!;
        return Array.ConvertAll(reply, Parse);
    }

    /// <summary>How many entries come after an id (exclusive); too many rather than too few when a slower audience holds older ones.</summary>
    public async Task<long> CountAsync(int partition, string afterId) =>
        (long)await redis.AskAsync(db => Pending.RunAsync(db, Keys.Outbox(Prefix(partition), segment), afterId, CountedOneByOne));

    public Task<long> CountMembersAsync(int partition, string revision) =>
        redis.AskAsync(db => db.SortedSetLengthAsync(Keys.Members(Prefix(partition), segment, revision), flags: CommandFlags.DemandMaster));

    /// <summary>Forgets entries up to an id (inclusive).</summary>
    public Task TrimAsync(int partition, StreamId upTo) =>
        redis.AskAsync(db => db.ExecuteAsync("XTRIM", [Keys.Outbox(Prefix(partition), segment), "MINID", upTo.Next().ToString()], CommandFlags.DemandMaster));

    /// <summary>Deletes the outbox of a partition.</summary>
    /// <param name="evenIfWritten">Whether to do so although commits may still write it.</param>
    /// <returns>False when commits still write it.</returns>
    public async Task<bool> DropAsync(int partition, bool evenIfWritten) =>
        (long)await redis.AskAsync(db => Drop.RunAsync(db, Keys.Owner(Prefix(partition)), segment, evenIfWritten ? "1" : "0")) == 1;

    private string Prefix(int partition) => Keys.Partition(workspace, partition);

    private static OutboxEntry Parse(RedisResult entry)
    {
        var pair = (RedisResult[])entry!;
        var fields = (RedisValue[])pair[1]!;
        string profile = "", action = "", cause = "";
        long atMs = 0;
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            switch ((string)fields[i]!)
            {
                case "p": profile = (string)fields[i + 1]!; break;
                case "a": action = (string)fields[i + 1]!; break;
                case "t": atMs = long.Parse((string)fields[i + 1]!, CultureInfo.InvariantCulture); break;
                case "c": cause = (string)fields[i + 1]!; break;
            }
        }
        return new OutboxEntry((string)pair[0]!, new AudienceChange(profile, action == "+", atMs, cause));
    }
}

/// <summary>Members of one partition.</summary>
/// <param name="Audiences">The uids of the audiences that every later change in this partition is written to the outbox for.</param>
/// <param name="Revision">The serving revision that the members are of; empty when none serves.</param>
/// <param name="NewestId">The outbox's newest entry, <c>0-0</c> when it is empty.</param>
internal sealed record MembersPage(
    IReadOnlyList<string> Audiences, string Revision, string NewestId, IReadOnlyList<(string ProfileId, string JoinedAt)> Members);

internal readonly record struct OutboxEntry(string Id, AudienceChange Change);
