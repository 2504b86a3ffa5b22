using Segmentation.Operator.Tests.Partitions;
using static Segmentation.Operator.Tests.Simulation.SimulatedStore;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>
/// What the Lua scripts do, once more in C#; <see cref="ConformanceTests"/> holds the two against each other. Texts, numbers, null and
/// arrays of them stand for Redis' replies.
/// </summary>
internal sealed class SimulatedScripts(SimulatedStore store)
{
    private const string OwnerKey = "owner";

    private readonly SimulatedCommit _commit = new(store);

    /// <summary>What the last commit wrote about events.</summary>
    public IReadOnlyList<Written> Written => _commit.Written;

    /// <param name="name">The script's file without its ending.</param>
    /// <param name="key">Its only key.</param>
    public object? Run(string name, string key, string[] arguments) => name switch
    {
        "acquire" => Acquire(key, arguments[0], arguments[1]),
        "release" => Release(key, arguments[0]),
        "append" => Append(key, Number(arguments[0]), arguments[1..]),
        "receive" => Receive(key, arguments),
        "load" => Load(key, arguments),
        "commit" => _commit.Run(key, arguments),
        "activate" => Activate(key, arguments),
        "peek" => Peek(key),
        "hash-write" => WriteHash(key, arguments),
        _ => throw new NotSupportedException($"The simulated store has no script {name}."),
    };

    public static string Prefix(string owner) => owner[..^OwnerKey.Length];

    private string[]? Acquire(string owner, string identity, string from)
    {
        if ((store.HGet(owner, "owner") ?? "") != from) return null;
        store.HIncrBy(owner, "epoch", 1);
        store.HSet(owner, "owner", identity);
        return store.HGetAll(owner);
    }

    private long Release(string owner, string epoch)
    {
        if (store.HGet(owner, "epoch") != epoch) return 0;
        store.HSet(owner, "owner", "");
        return 1;
    }

    private string? Append(string log, long lengthMax, string[] fields) =>
        store.Stream(log).Count >= lengthMax ? null : store.XAdd(log, fields).ToString();

    private string Receive(string owner, string[] arguments)
    {
        var source = "forwarded:" + arguments[0];
        var (last, appended) = (StreamPosition.Parse(store.HGet(owner, source) ?? "0-0"), "");
        for (int at = 1, fields; at < arguments.Length; at += 2 + fields)
        {
            fields = (int)Number(arguments[at + 1]);
            if (StreamPosition.Parse(arguments[at]) is var id && !id.IsAfter(last)) continue;
            appended = store.XAdd(Prefix(owner) + "log", arguments[(at + 2)..(at + 2 + fields)]).ToString();
            store.HSet(owner, source, arguments[at]);
            last = id;
        }
        return appended;
    }

    private long WriteHash(string key, string[] arguments)
    {
        if ((store.HGet(key, arguments[0]) ?? "") != arguments[1]) return 0;
        var last = 3 + (2 * (int)Number(arguments[2]));
        foreach (var pair in arguments[3..last].Chunk(2)) store.HSet(key, pair[0], pair[1]);
        foreach (var field in arguments[last..]) store.HDel(key, field);
        return 1;
    }

    private object[] Peek(string owner)
    {
        var newest = store.Stream(Prefix(owner) + "log");
        var epoch = store.HGet(owner, "epoch") ?? "0";
        return [epoch, store.HGet(owner, "seq") ?? "0", newest.Count > 0 ? newest[^1].Id.ToString() : "", (long)store.Stream(Prefix(owner) + "forward").Count];
    }

    private object?[] Load(string owner, string[] arguments)
    {
        var watched = (int)Number(arguments[0]);
        return [.. arguments.Skip(1 + (2 * watched)).Select(id => LoadOne(Prefix(owner), id, arguments.Skip(1).Take(2 * watched).Chunk(2)))];
    }

    private object?[] LoadOne(string prefix, string id, IEnumerable<string[]> watched)
    {
        var fields = store.HGetAll(prefix + "profile:" + id);
        var stays = watched.SelectMany(w => (object?[])[ScoreOrNull($"{prefix}members:{w[0]}@{w[1]}", id), ScoreOrNull($"{prefix}entered:{w[0]}", id)]).ToArray();
        var entry = new List<object?> { fields, ScoreOrNull(prefix + "due", id), stays };
        for (var f = 0; f < fields.Length; f += 2)
        {
            if (fields[f] == "names")
            {
                foreach (var name in fields[f + 1].Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    entry.Add(name);
                    entry.Add(store.ZRange($"{prefix}events:{id}:{name}").SelectMany(e => (string[])[e.Member, Text(e.Score)]).ToArray());
                }
            }
            else if (fields[f].StartsWith("tier:", StringComparison.Ordinal))
            {
                var tier = fields[f + 1].Split('\n')[0];
                if (tier.Length > 0 && store.ZScore($"{prefix}tiers:{fields[f][5..]}:{tier}", id) is null) fields[f + 1] = fields[f + 1][tier.Length..];
            }
        }
        return [.. entry];
    }

    private string? ScoreOrNull(string key, string member) => store.ZScore(key, member) is { } score ? Text(score) : null;

    private object?[] Activate(string owner, string[] arguments)
    {
        var epoch = store.HGet(owner, "epoch");
        if (epoch != arguments[0]) return [-1L, epoch ?? ""];

        var (prefix, segment, revision, at) = (Prefix(owner), arguments[1], arguments[2], arguments[3]);
        var change = new Activation(store, prefix, segment, Number(at), arguments[4] == "1", arguments[5], arguments[6] == "1");
        var before = store.HGet(owner, "active:" + segment);
        if (before == revision || (before is null && revision.Length == 0)) return [1L, 0L, 0L];

        var old = before is null ? null : $"{prefix}members:{segment}@{before}";
        var @new = revision.Length == 0 ? null : $"{prefix}members:{segment}@{revision}";
        var left = change.Leave(old, @new);
        var entered = change.Enter(@new, old);
        if (old is not null) store.Unlink(old);
        if (arguments[6] != "1") store.Unlink($"{prefix}entered:{segment}");
        if (@new is null)
        {
            store.HDel(owner, "active:" + segment);
        }
        else
        {
            store.HSet(owner, "active:" + segment, revision);
            var last = store.HGet(prefix + "flow", segment + "|last");
            if (entered + left > 0 && (last is null || Number(last) < Number(at))) store.HSet(prefix + "flow", segment + "|last", at);
        }
        return [1L, entered, left];
    }

    /// <summary>What changes when a revision takes the place of another.</summary>
    private sealed record Activation(SimulatedStore Store, string Prefix, string Segment, long AtMs, bool TellsAudiences, string Cause, bool AsksOfItself)
    {
        public long Leave(string? old, string? @new)
        {
            var leaving = Members(old).Where(m => @new is null || Store.ZScore(@new, m.Member) is null).ToArray();
            foreach (var (joined, profile) in leaving)
            {
                Tell(profile, "-");
                if (AsksOfItself) Store.ZAdd($"{Prefix}entered:{Segment}", joined, profile);
            }
            return leaving.Length;
        }

        public long Enter(string? @new, string? old)
        {
            var entered = 0;
            foreach (var (_, profile) in Members(@new))
            {
                var joined = old is null ? null : Store.ZScore(old, profile);
                Store.ZAdd(@new!, joined ?? AtMs, profile);
                if (joined is not null) continue;
                entered++;
                Tell(profile, "+");
                if (AsksOfItself && !(Store.ZScore(Prefix + "due", profile) <= AtMs + 1)) Store.ZAdd(Prefix + "due", AtMs + 1, profile);
            }
            return entered;
        }

        private (double Score, string Member)[] Members(string? key) => key is null ? [] : [.. Store.ZRange(key)];

        private void Tell(string profile, string action)
        {
            if (TellsAudiences) Store.XAdd($"{Prefix}outbox:{Segment}", "p", profile, "a", action, "t", Text(AtMs), "c", Cause);
        }
    }
}
