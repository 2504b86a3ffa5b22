using Segmentation.Operator.Partitions;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>The keys of one partition: what its owner reads and the only way to write them.</summary>
internal sealed class PartitionStore(RedisConnection redis, string workspace, int partition)
{
    public string Prefix { get; } = Keys.Partition(workspace, partition);

    /// <summary>The identity of the present owner; empty when nobody has taken the partition over, or the last owner gave it up.</summary>
    public async Task<string> OwnerAsync() => (string?)await redis.AskAsync(db => db.HashGetAsync(Keys.Owner(Prefix), "owner", CommandFlags.DemandMaster)) ?? "";

    /// <summary>Takes the partition over; every later commit of the former owner is refused.</summary>
    /// <param name="from">The owner that <see cref="OwnerAsync"/> gave.</param>
    /// <returns>Null when it has another owner by now.</returns>
    public async Task<OwnerState?> AcquireAsync(string identity, string from)
    {
        var reply = await redis.AskAsync(db => Script.Acquire.RunAsync(db, Keys.Owner(Prefix), identity, from));
        return reply.IsNull ? null : OwnerState.Parse(Pairs((RedisValue[])reply!));
    }

    /// <summary>Says that this owner is done with the partition; changes nothing when another one has taken over.</summary>
    public Task ReleaseAsync(long epoch) => redis.AskAsync(db => Script.Release.RunAsync(db, Keys.Owner(Prefix), epoch));

    /// <summary>
    /// Reads profiles with all their occurrences, their tiers, and when they entered the watched segments; unknown ids come back empty. The result
    /// is in the order asked.
    /// </summary>
    public async Task<StoredProfile[]> LoadAsync(IReadOnlyList<string> profileIds, IReadOnlyList<WatchedSegment> watched, OccurrenceMemory? memory = null)
    {
        if (profileIds.Count == 0) return [];
        RedisValue[] arguments =
            [watched.Count, .. watched.SelectMany(w => new RedisValue[] { w.Name, w.Revision }), .. profileIds.Select(id => (RedisValue)id)];
        var reply = (RedisResult[])(await redis.AskAsync(db => Script.Load.RunAsync(db, Keys.Owner(Prefix), arguments)))!;
        var profiles = new StoredProfile[reply.Length];
        for (var i = 0; i < reply.Length; i++) profiles[i] = StoredProfile.Parse(profileIds[i], (RedisResult[])reply[i]!, watched, memory);
        return profiles;
    }

    /// <summary>Reads everything that is held of a profile at one instant, but its events; see <see cref="EventsAsync"/>.</summary>
    public async Task<HeldProfile> HeldAsync(string profileId)
    {
        var reply = await redis.AskAsync(db => Script.Export.RunAsync(db, Keys.Owner(Prefix), profileId));
        return HeldProfile.Parse(profileId, (RedisResult[])reply!);
    }

    /// <summary>
    /// Reads a profile's events of one name, at most <paramref name="pageSize"/> at a time, by time. One that stays is among them; one that arrives
    /// meanwhile may be.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<CustomerEvent>> EventsAsync(string profileId, string eventName, int pageSize)
    {
        var key = Keys.Events(Prefix, profileId, eventName);
        RedisValue[] page;
        (RedisValue Member, RedisValue Score) last = ("", "");
        do
        {
            page = (RedisValue[])(await redis.AskAsync(db => Script.EventsPage.RunAsync(db, key, last.Member, last.Score, pageSize)))!;
            if (page.Length > 0) last = (page[^2], page[^1]);
            yield return [.. page.Chunk(2).Select(e => OccurrenceCodec.Decode((string)e[0]!, eventName, profileId, (long)(double)e[1]))];
        }
        while (page.Length == 2 * pageSize);
    }

    /// <summary>Applies a batch, all or nothing.</summary>
    /// <returns>For each of <see cref="CommitBatch.Memberships"/> whether it changed anything.</returns>
    /// <exception cref="FencedException">Another owner has taken over.</exception>
    /// <exception cref="OutOfStepException">Commits are missing from the store.</exception>
    /// <exception cref="StoreUnavailableException">The outcome is not known.</exception>
    public async Task<string> CommitAsync(CommitBatch batch, long epoch, long sequence, string offset, string newOffset, long clockMs)
    {
        var operations = batch.Complete();
        RedisValue[] arguments = [epoch, sequence, offset, newOffset, clockMs, .. operations];
        var reply = (RedisResult[])(await redis.AskAsync(db => Script.Commit.RunAsync(db, Keys.Owner(Prefix), arguments)))!;
        ThrowUnlessApplied(reply, epoch);
        return (string)reply[1]! ?? "";
    }

    /// <summary>Whether the store is where its owner believes it is, when there is nothing to commit.</summary>
    /// <exception cref="FencedException">Another owner has taken over.</exception>
    /// <exception cref="OutOfStepException">Commits are missing from the store.</exception>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public async Task CheckAsync(long epoch, long sequence)
    {
        var state = await redis.AskAsync(db => db.HashGetAsync(Keys.Owner(Prefix), ["epoch", "seq"], CommandFlags.DemandMaster));
        if ((long)state[0] != epoch) throw Fenced(epoch, (string?)state[0]);
        if ((long)state[1] != sequence) throw OutOfStep((string?)state[1]);
    }

    /// <summary>
    /// Whether the store is where its owner believes it is and its log ends where the owner has read it, and whether anything is to be sent to other
    /// partitions. Writes nothing.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public async Task<(bool IsThere, bool HasToSend)> LookAsync(OwnerState state)
    {
        var reply = (RedisValue[])(await redis.AskAsync(db => Script.Peek.RunAsync(db, Keys.Owner(Prefix))))!;
        var isThere = (long)reply[0] == state.Epoch && (long)reply[1] == state.Sequence && (reply[2].IsNullOrEmpty || (string?)reply[2] == state.Offset);
        return (isThere, (long)reply[3] > 0);
    }

    /// <summary>Makes a revision the serving one in this partition, or, with null, drops the segment.</summary>
    /// <remarks>
    /// Of a revision that asks when profiles entered this very segment, those that enter are due at the next millisecond.
    /// </remarks>
    /// <returns>How many profiles entered and left by it.</returns>
    public async Task<(long Entered, long Left)> ActivateAsync(
        long epoch, string segment, string? revision, long atMs, bool tellAudiences, FlipCause cause, bool asksOfItself = false)
    {
        var reply = (RedisResult[])(await redis.AskAsync(db => Script.Activate.RunAsync(
            db, Keys.Owner(Prefix), epoch, segment, revision ?? "", atMs, tellAudiences ? "1" : "0", CommitBatch.CauseName(cause), asksOfItself ? "1" : "0")))!;
        ThrowUnlessApplied(reply, epoch);
        return ((long)reply[1], (long)reply[2]);
    }

    /// <summary>The earliest due profiles, at most <paramref name="count"/>, with their due times.</summary>
    public async Task<IReadOnlyList<(string ProfileId, long DueMs)>> EarliestDueAsync(int count)
    {
        var entries = await redis.AskAsync(db => db.SortedSetRangeByRankWithScoresAsync(Keys.Due(Prefix), 0, count - 1, flags: CommandFlags.DemandMaster));
        return Array.ConvertAll(entries, entry => ((string)entry.Element!, (long)entry.Score));
    }

    /// <summary>Has profiles in a range of recency be due at so long after their last purchase, unless they are due before; those of the least scores first.</summary>
    /// <param name="most">How many; more when they purchased at the same instant.</param>
    /// <returns>Who, and when at the latest, in order of the latter.</returns>
    /// <exception cref="FencedException">Another owner has taken over.</exception>
    public async Task<IReadOnlyList<(string ProfileId, long DueMs)>> BringForwardAsync(long epoch, string policyKey, ScoreRange range, long afterMs, int most)
    {
        var reply = (RedisValue[]?)(await redis.AskAsync(db => Script.BringForward.RunAsync(
            db, Keys.Owner(Prefix), $"rfm:{policyKey}:{range.Dimension}", range.Least, range.Most, afterMs, most, epoch)))
            ?? throw Fenced(epoch, null);
        return [.. reply.Chunk(2).Select(due => ((string)due[0]!, (long)due[1]))];
    }

    /// <summary>The profiles in a range of a policy's dimension.</summary>
    public async Task<IReadOnlyList<string>> ScoredBetweenAsync(string policyKey, ScoreRange range)
    {
        var reply = await redis.AskAsync(db => db.ExecuteAsync(
            "ZRANGEBYSCORE", [(RedisKey)(Prefix + $"rfm:{policyKey}:{range.Dimension}"), range.Least, range.Most], CommandFlags.DemandMaster));
        return Array.ConvertAll((RedisValue[])reply!, id => (string)id!);
    }

    /// <summary>Profile ids after <paramref name="cursor"/> (exclusive) up to <paramref name="until"/> (inclusive; null: no bound), in byte order.</summary>
    public async Task<string[]> ProfilesAfterAsync(string cursor, string? until, int count)
    {
        var reply = await redis.AskAsync(db => db.ExecuteAsync(
            "ZRANGEBYLEX", [Keys.Profiles(Prefix), cursor.Length == 0 ? "-" : "(" + cursor, until is null ? "+" : "[" + until, "LIMIT", 0, count], CommandFlags.DemandMaster));
        return Array.ConvertAll((RedisValue[])reply!, id => (string)id!);
    }

    public async Task<long> CountMembersAsync(string segment, string revision) =>
        await redis.AskAsync(db => db.SortedSetLengthAsync(Keys.Members(Prefix, segment, revision), flags: CommandFlags.DemandMaster));

    public async Task<IReadOnlyDictionary<string, string>> ReadFlowAsync()
    {
        var entries = await redis.AskAsync(db => db.HashGetAllAsync(Keys.Flow(Prefix), CommandFlags.DemandMaster));
        return entries.ToDictionary(entry => (string)entry.Name!, entry => (string)entry.Value!);
    }

    private static void ThrowUnlessApplied(RedisResult[] reply, long epoch)
    {
        switch ((int)reply[0])
        {
            case -1: throw Fenced(epoch, (string)reply[1]!);
            case -2: throw OutOfStep((string)reply[1]!);
        }
    }

    private static FencedException Fenced(long epoch, string? by) => new($"Epoch {epoch} was succeeded by {(by is null ? "a later one" : "epoch " + by)}.");

    private static OutOfStepException OutOfStep(string? commits) => new($"The store has seen {commits ?? "no"} commits, its owner another number.");

    internal static Dictionary<string, string> Pairs(RedisValue[] flat)
    {
        var pairs = new Dictionary<string, string>(flat.Length / 2);
        for (var i = 0; i + 1 < flat.Length; i += 2) pairs[(string)flat[i]!] = (string)flat[i + 1]!;
        return pairs;
    }
}
