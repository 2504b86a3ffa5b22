using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>How questions get to a simulated store and answers back.</summary>
internal interface ISimulatedLink
{
    /// <param name="what">The question in a few words, the same in every run.</param>
    /// <param name="execute">What the store does.</param>
    Task<T> AskAsync<T>(string what, Func<T> execute);
}

/// <summary>Answers at once.</summary>
internal sealed class DirectLink : ISimulatedLink
{
    public Task<T> AskAsync<T>(string what, Func<T> execute) => Task.FromResult(execute());
}

/// <summary>The client's interface over a simulated store, as far as the partitions, the planning and the tests use it; all else throws.</summary>
[SuppressMessage("Design", "MA0053", Justification = "The runtime derives the proxy from it")]
public class SimulatedDatabase : DispatchProxy
{
    private static readonly Dictionary<string, string> ScriptNames =
        ((string[])["acquire", "release", "append", "receive", "load", "commit", "activate", "peek", "hash-write"]).ToDictionary(name => Script.TextOf(name + ".lua"));

    private static readonly Dictionary<string, string> ScriptsByDigest = ScriptNames.ToDictionary(script => DigestOf(Encoding.UTF8.GetBytes(script.Key)), script => script.Value);

    private SimulatedStore _store = null!;
    private ISimulatedLink _link = null!;
    private Func<string, string, string[], object?> _runScript = null!;

    /// <param name="runScript">Runs a script by its name on its key with its arguments.</param>
    internal static IDatabase Over(SimulatedStore store, ISimulatedLink link, Func<string, string, string[], object?> runScript)
    {
        var database = Create<IDatabase, SimulatedDatabase>();
        var proxy = (SimulatedDatabase)(object)database;
        (proxy._store, proxy._link, proxy._runScript) = (store, link, runScript);
        return database;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => (targetMethod!.Name, args) switch
    {
        (nameof(IDatabase.ScriptEvaluateAsync), [_, RedisKey[] keys, RedisValue[] values, _]) =>
            RunScript(ScriptName(targetMethod, args)!, keys[0]!, Array.ConvertAll(values, value => (string)value!)),
        (nameof(IDatabase.ExecuteAsync), ["EVAL", ICollection<object> parts, _]) when parts.Select(part => part.ToString()!).ToArray() is var arguments =>
            RunScript(ScriptName(targetMethod, args)!, arguments[2], arguments[(2 + int.Parse(arguments[1], CultureInfo.InvariantCulture))..]),
        (nameof(IDatabase.ExecuteAsync), [string command, object[] arguments]) => Execute(command, Array.ConvertAll(arguments, argument => argument.ToString()!)),
        (nameof(IDatabase.ExecuteAsync), [string command, ICollection<object> arguments, _]) => Execute(command, [.. arguments.Select(argument => argument.ToString()!)]),
        (nameof(IDatabase.HashGetAsync), [RedisKey key, RedisValue field, _]) => Ask("HGET", key, name => Value(_store.HGet(name, field!))),
        (nameof(IDatabase.HashGetAsync), [RedisKey key, RedisValue[] fields, _]) =>
            Ask("HMGET", key, name => Array.ConvertAll(fields, field => Value(_store.HGet(name, field!)))),
        (nameof(IDatabase.HashGetAllAsync), [RedisKey key, _]) => Ask("HGETALL", key, name => Pairs(name).Select(pair => new HashEntry(pair[0], pair[1])).ToArray()),
        (nameof(IDatabase.HashKeysAsync), [RedisKey key, _]) => Ask("HKEYS", key, name => Pairs(name).Select(pair => (RedisValue)pair[0]).ToArray()),
        (nameof(IDatabase.HashValuesAsync), [RedisKey key, _]) => Ask("HVALS", key, name => Pairs(name).Select(pair => (RedisValue)pair[1]).ToArray()),
        (nameof(IDatabase.HashSetAsync), [RedisKey key, RedisValue field, RedisValue value, When.NotExists, _]) =>
            Ask("HSETNX", key, name => _store.HGet(name, field!) is null && _store.HSet(name, field!, value!)),
        (nameof(IDatabase.SortedSetLengthAsync), [RedisKey key, double.NegativeInfinity, double.PositiveInfinity, ..]) =>
            Ask("ZCARD", key, name => (long)_store.ZCard(name)),
        (nameof(IDatabase.SortedSetScoreAsync), [RedisKey key, RedisValue member, _]) => Ask("ZSCORE", key, name => _store.ZScore(name, member!)),
        (nameof(IDatabase.SortedSetRangeByRankWithScoresAsync), [RedisKey key, long first and >= 0, long last, Order.Ascending, _]) =>
            Ask("ZRANGE", key, name => Range(_store.ZRange(name), first, last).Select(entry => new SortedSetEntry(entry.Member, entry.Score)).ToArray()),
        (nameof(IDatabase.KeyExistsAsync), [RedisKey key, _]) => Ask("EXISTS", key, name => _store.TypeOf(name) != "none"),
        (nameof(IDatabase.KeyTypeAsync), [RedisKey key, _]) => Ask("TYPE", key, TypeOf),
        _ => throw new NotSupportedException($"The simulated store does not know {targetMethod}."),
    };

    /// <summary>The name of the script that a call runs, by its digest or its text; null when it runs none.</summary>
    internal static string? ScriptName(MethodInfo method, object?[]? args) => (method.Name, args) switch
    {
        (nameof(IDatabase.ScriptEvaluateAsync), [byte[] digest, ..]) => ScriptsByDigest[Convert.ToHexStringLower(digest)],
        (nameof(IDatabase.ExecuteAsync), ["EVAL", ICollection<object> parts, ..]) => ScriptNames[parts.First().ToString()!],
        _ => null,
    };

    [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by it")]
    private static string DigestOf(byte[] text) => Convert.ToHexStringLower(SHA1.HashData(text));

    private static RedisValue Value(string? text) => text is null ? RedisValue.Null : text;

    private static IEnumerable<T> Range<T>(IEnumerable<T> all, long first, long last) =>
        all.Skip((int)first).Take(last < 0 ? int.MaxValue : (int)(last - first + 1));

    private IEnumerable<string[]> Pairs(string key) => _store.HGetAll(key).Chunk(2);

    private RedisType TypeOf(string key) => _store.TypeOf(key) switch
    {
        "zset" => RedisType.SortedSet,
        "hash" => RedisType.Hash,
        "none" => RedisType.None,
        _ => RedisType.Unknown, // the client knows no streams
    };

    private Task<T> Ask<T>(string command, RedisKey key, Func<string, T> execute)
    {
        string name = key!;
        return _link.AskAsync($"{command} {name}", () => execute(name));
    }

    private Task<RedisResult> RunScript(string script, string key, string[] arguments) =>
        _link.AskAsync($"{script} {key}", () => Replies.Of(_runScript(script, key, arguments)));

    private Task<RedisResult> Execute(string command, string[] arguments) => _link.AskAsync($"{command} {arguments[0]}", () => Replies.Of((command, arguments) switch
    {
        ("KEYS", [var pattern]) when pattern.IndexOf('*', StringComparison.Ordinal) == pattern.Length - 1 =>
            _store.Keys.Where(key => key.StartsWith(pattern[..^1], StringComparison.Ordinal)).ToArray(),
        ("XTRIM", [var key, "MINID", var next]) => Trim(key, StreamPosition.Parse(next)),
        ("XRANGE", [var key, var from, "+"]) => Entries(key, from, int.MaxValue),
        ("XRANGE", [var key, var from, "+", "COUNT", var count]) => Entries(key, from, (int)SimulatedStore.Number(count)),
        ("ZRANGEBYLEX", [var key, var from, var to, "LIMIT", "0", var count]) => Members(key, from, to).Take((int)SimulatedStore.Number(count)).ToArray(),
        _ => throw new NotSupportedException($"The simulated store does not know {command} {string.Join(' ', arguments)}."),
    }));

    private long Trim(string key, StreamPosition next)
    {
        var before = _store.Changes;
        _store.XTrim(key, next with { Number = next.Number - 1 });
        return _store.Changes - before;
    }

    // From "-" or after "(id".
    private object?[] Entries(string key, string from, int count)
    {
        var after = from == "-" ? null : StreamPosition.Parse(from[1..]);
        return [.. _store.Stream(key).Where(entry => after is null || entry.Id.IsAfter(after)).Take(count).Select(entry => new object?[] { entry.Id.ToString(), entry.Fields })];
    }

    // From "-" or after "(member", up to "+" or "[member".
    private IEnumerable<string> Members(string key, string from, string to) => _store.ZRange(key).Select(entry => entry.Member).Where(member =>
        (from == "-" || SimulatedSortedSet.CompareBytes(member, from[1..]) > 0) && (to == "+" || SimulatedSortedSet.CompareBytes(member, to[1..]) <= 0));
}
