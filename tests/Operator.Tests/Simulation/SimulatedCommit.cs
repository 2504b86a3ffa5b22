using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using StackExchange.Redis;
using static Segmentation.Operator.Tests.Simulation.SimulatedStore;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>What <c>commit.lua</c> does.</summary>
internal sealed class SimulatedCommit(SimulatedStore store)
{
    private readonly List<char> _changed = [];
    private readonly List<Written> _written = [];
    private readonly Dictionary<string, long> _latest = [];
    private readonly Dictionary<string, long> _moves = [];
    private string _prefix = "";
    private string[] _arguments = [];
    private int _at;

    /// <summary>What the last run wrote about events.</summary>
    public IReadOnlyList<Written> Written => _written;

    public object?[] Run(string owner, string[] arguments)
    {
        var epoch = store.HGet(owner, "epoch");
        var seq = store.HGet(owner, "seq") ?? "0";
        if (epoch != arguments[0]) return [-1L, epoch ?? ""];
        if (seq != arguments[1] || (store.HGet(owner, "offset") ?? "0-0") != arguments[2]) return [-2L, seq];

        _prefix = SimulatedScripts.Prefix(owner);
        _arguments = arguments;
        _changed.Clear();
        _written.Clear();
        _latest.Clear();
        _moves.Clear();
        for (_at = 5; _at < arguments.Length;) Apply(owner, Next());
        foreach (var (segment, atMs) in _latest)
        {
            if (store.HGet(_prefix + "flow", segment + "|last") is not { } last || Number(last) < atMs) store.HSet(_prefix + "flow", segment + "|last", Text(atMs));
        }
        foreach (var (field, count) in _moves) store.HIncrBy(_prefix + "flow", field, count);

        store.HSet(owner, "seq", Text(Number(seq) + 1));
        store.HSet(owner, "offset", arguments[3]);
        store.HSet(owner, "clock", arguments[4]);
        if (arguments[3] != arguments[2]) store.XTrim(_prefix + "log", StreamPosition.Parse(arguments[3]));
        return [1L, new string([.. _changed])];
    }

    private void Apply(string owner, string operation)
    {
        switch (operation)
        {
            case "e": AddEvents(Next(), Take(2 * Count())); break;
            case "i": AddAll(_prefix + Next(), Take(Count())); break;
            case "u": RemoveAll(_prefix + Next(), Take(Count())); break;
            case "q": store.ZRemBelow($"{_prefix}events:{Next()}:{Next()}", Score(Next())); break;
            case "d": AddAll(_prefix + "due", Take(2 * Count())); break;
            case "x": RemoveAll(_prefix + "due", Take(Count())); break;
            case "+": Enter(Next(), Next(), Next(), Take(5)); break;
            case "-": Leave(Next(), Next(), Next(), Take(5)); break;
            case "h": store.HSet(_prefix + "profile:" + Next(), Next(), Next()); break;
            case "n": AddAll(_prefix + "profiles", [.. Take(Count()).SelectMany(id => (string[])["0", id])]); break;
            case "r": SetRfm(_prefix + "rfm:" + Next(), Next(), Take(4)); break;
            case "t": SetTier(Next(), Next(), Next(), Next()); break;
            case "o": SetOrDelete(owner, Next(), Next()); break;
            case "z": Erase(Next(), Next(), Take(Count())); break;
            case "w": Forward(Take(Count())); break;
            case "f": store.HDel(_prefix + "flow", Next()); break;
            case "c": Move(Next(), Number(Next())); break;
            case "l": Note(Next(), Number(Next())); break;
            case "k": store.Unlink(_prefix + Next()); break;
            default: throw new NotSupportedException($"The simulated commit has no operation {operation}.");
        }
    }

    private string Next() => _arguments[_at++];

    private int Count() => (int)Number(Next());

    private string[] Take(int count) => _arguments[_at..(_at += count)];

    private void AddEvents(string key, string[] scoresAndMembers)
    {
        AddAll(_prefix + "events:" + key, scoresAndMembers);
        foreach (var pair in scoresAndMembers.Chunk(2)) _written.Add(BroughtEvents.Event(key, Number(pair[0]), pair[1]));
    }

    private void Forward(string[] fields)
    {
        store.XAddAt(_prefix + "forward", Number(_arguments[4]), fields);
        foreach (var e in EventLog.Parse("", Array.ConvertAll(fields, field => (RedisValue)field)).Events) _written.Add(new Written(e, null));
    }

    private void AddAll(string key, string[] scoresAndMembers)
    {
        for (var i = 0; i < scoresAndMembers.Length; i += 2) store.ZAdd(key, Score(scoresAndMembers[i]), scoresAndMembers[i + 1]);
    }

    private void RemoveAll(string key, string[] members)
    {
        foreach (var member in members) store.ZRem(key, member);
    }

    // The last five: ms, mode, minute, cause, and the revision to take joined-at from.
    private void Enter(string segment, string revision, string profile, string[] rest)
    {
        var joined = rest[4].Length > 0 ? store.ZScore($"{_prefix}members:{segment}@{rest[4]}", profile) : null;
        var members = $"{_prefix}members:{segment}@{revision}";
        var isNew = store.ZScore(members, profile) is null;
        if (isNew) store.ZAdd(members, joined ?? Score(rest[0]), profile);
        _changed.Add(isNew ? '1' : '0');
        if (isNew && rest[1] != "0") Tell(segment, profile, "+", rest);
    }

    // The same, but that the last one says whether it is remembered when the profile had entered.
    private void Leave(string segment, string revision, string profile, string[] rest)
    {
        var members = $"{_prefix}members:{segment}@{revision}";
        if (rest[4] == "1" && store.ZScore(members, profile) is { } joined) store.ZAdd($"{_prefix}entered:{segment}", joined, profile);
        var wasMember = store.ZRem(members, profile);
        _changed.Add(wasMember ? '1' : '0');
        if (wasMember && rest[1] != "0") Tell(segment, profile, "-", rest);
    }

    private void Tell(string segment, string profile, string action, string[] rest)
    {
        Note(segment, Number(rest[0]));
        if (rest[2].Length > 0) Move($"{segment}|{rest[2]}|{action}", 1);
        if (rest[1] == "2") store.XAdd($"{_prefix}outbox:{segment}", "p", profile, "a", action, "t", rest[0], "c", rest[3]);
    }

    private void Note(string segment, long atMs)
    {
        if (!_latest.TryGetValue(segment, out var last) || last < atMs) _latest[segment] = atMs;
    }

    private void Move(string field, long count) => _moves[field] = _moves.GetValueOrDefault(field) + count;

    private void SetRfm(string key, string profile, string[] scores)
    {
        foreach (var (dimension, score) in ((string[])["recency", "frequency", "monetary", "spent"]).Zip(scores))
        {
            if (scores[0].Length == 0) store.ZRem($"{key}:{dimension}", profile);
            else if (score.Length > 0) store.ZAdd($"{key}:{dimension}", Score(score), profile);
        }
    }

    private void SetTier(string policy, string profile, string tier, string at)
    {
        var hash = _prefix + "profile:" + profile;
        var was = (store.HGet(hash, "tier:" + policy) ?? "\n\n").Split('\n');
        var before = was[0].Length > 0 && store.ZScore($"{_prefix}tiers:{policy}:{was[0]}", profile) is not null ? was[0] : "";
        if (before == tier) return;
        if (before.Length > 0) store.ZRem($"{_prefix}tiers:{policy}:{before}", profile);
        if (tier.Length > 0) store.ZAdd($"{_prefix}tiers:{policy}:{tier}", Score(at), profile);
        if (was[2].Length > 0) store.HSet(hash, $"left:{policy}:{was[2]}", was[1]);
        store.HSet(hash, "tier:" + policy, $"{tier}\n{at}\n{before}");
    }

    private void SetOrDelete(string hash, string field, string value)
    {
        if (value.Length == 0) store.HDel(hash, field);
        else store.HSet(hash, field, value);
    }

    private void Erase(string profile, string into, string[] remembering)
    {
        _written.Add(new Written(null, profile));
        var hash = _prefix + "profile:" + profile;
        var fields = store.HGetAll(hash);
        for (var f = 0; f < fields.Length; f += 2)
        {
            if (fields[f] == "names")
            {
                foreach (var name in fields[f + 1].Split('\n', StringSplitOptions.RemoveEmptyEntries)) store.Unlink($"{_prefix}events:{profile}:{name}");
            }
            else if (fields[f].StartsWith("tier:", StringComparison.Ordinal) && fields[f + 1].Split('\n')[0] is { Length: > 0 } tier)
            {
                store.ZRem($"{_prefix}tiers:{fields[f][5..]}:{tier}", profile);
            }
        }
        foreach (var segment in remembering) store.ZRem($"{_prefix}entered:{segment}", profile);
        store.ZRem(_prefix + "profiles", profile);
        store.ZRem(_prefix + "due", profile);
        store.Unlink(hash);
        if (into.Length > 0) store.HSet(hash, "into", into);
    }
}
