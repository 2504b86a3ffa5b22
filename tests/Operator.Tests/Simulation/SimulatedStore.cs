using System.Globalization;
using System.Text;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>
/// What the operator uses of Redis' data, in memory: hashes, sorted sets and streams. A key without content does not exist, but for streams, as in
/// Redis. Texts stand for their bytes in UTF-8.
/// </summary>
internal sealed class SimulatedStore
{
    private readonly Dictionary<string, object> _keys = [];

    /// <summary>The server's clock, which new ids of streams are made of, ms.</summary>
    public long NowMs { get; set; }

    /// <summary>How often anything was changed.</summary>
    public long Changes { get; private set; }

    public IEnumerable<string> Keys => _keys.Keys;

    public string? HGet(string key, string field) => Find<Dictionary<string, string>>(key)?.GetValueOrDefault(field);

    public string[] HGetAll(string key) => [.. (Find<Dictionary<string, string>>(key) ?? []).SelectMany(pair => (string[])[pair.Key, pair.Value])];

    public bool HSet(string key, string field, string value)
    {
        var hash = FindOrAdd<Dictionary<string, string>>(key);
        var isNew = !hash.TryGetValue(field, out var before);
        if (isNew || before != value) Changes++;
        hash[field] = value;
        return isNew;
    }

    public void HIncrBy(string key, string field, long more) => HSet(key, field, Text(Number(HGet(key, field) ?? "0") + more));

    public bool HDel(string key, string field)
    {
        if (Find<Dictionary<string, string>>(key) is not { } hash || !hash.Remove(field)) return false;
        Changes++;
        if (hash.Count == 0) _keys.Remove(key);
        return true;
    }

    public double? ZScore(string key, string member) => Find<SimulatedSortedSet>(key)?.ScoreOf(member);

    public int ZCard(string key) => Find<SimulatedSortedSet>(key)?.Count ?? 0;

    public IEnumerable<(double Score, string Member)> ZRange(string key) => Find<SimulatedSortedSet>(key)?.Ordered ?? [];

    public void ZAdd(string key, double score, string member)
    {
        var set = FindOrAdd<SimulatedSortedSet>(key);
        if (set.ScoreOf(member) != score) Changes++;
        set.Set(member, score);
    }

    public bool ZRem(string key, string member)
    {
        if (Find<SimulatedSortedSet>(key) is not { } set || !set.Remove(member)) return false;
        Changes++;
        if (set.Count == 0) _keys.Remove(key);
        return true;
    }

    public void ZRemBelow(string key, double score)
    {
        if (Find<SimulatedSortedSet>(key) is not { } set) return;
        Changes += set.RemoveBelow(score);
        if (set.Count == 0) _keys.Remove(key);
    }

    public IReadOnlyList<SimulatedEntry> Stream(string key) => Find<SimulatedStream>(key)?.Entries ?? [];

    public StreamPosition XAdd(string key, params string[] fields) => XAddAt(key, NowMs, fields);

    /// <summary>With an id that begins with this, or with the one of the entry before if that is later.</summary>
    public StreamPosition XAddAt(string key, long ms, params string[] fields)
    {
        Changes++;
        return FindOrAdd<SimulatedStream>(key).Add(ms, fields);
    }

    /// <summary>Removes the entries up to an id (inclusive).</summary>
    public void XTrim(string key, StreamPosition upTo) => Changes += Find<SimulatedStream>(key)?.RemoveUpTo(upTo) ?? 0;

    public bool Unlink(string key)
    {
        if (!_keys.Remove(key)) return false;
        Changes++;
        return true;
    }

    /// <summary>The name of a key's type as Redis gives it.</summary>
    public string TypeOf(string key) => _keys.GetValueOrDefault(key) switch
    {
        null => "none",
        SimulatedSortedSet => "zset",
        SimulatedStream => "stream",
        _ => "hash",
    };

    /// <summary>All of it as text: equal texts are equal contents.</summary>
    public string Dump()
    {
        var text = new StringBuilder();
        foreach (var key in _keys.Keys.Order(StringComparer.Ordinal)) text.Append(key).Append(" = ").AppendJoin(" | ", Lines(key)).Append('\n');
        return text.ToString();
    }

    /// <summary>The contents of a key in an order that depends on nothing else; of streams without ids.</summary>
    public IEnumerable<string> Lines(string key) => _keys.GetValueOrDefault(key) switch
    {
        Dictionary<string, string> hash => hash.Select(pair => $"{pair.Key}: {pair.Value}").Order(StringComparer.Ordinal),
        SimulatedSortedSet set => set.Ordered.Select(entry => $"{Text(entry.Score)} {entry.Member}"),
        SimulatedStream stream => stream.Entries.Select(entry => string.Join(' ', entry.Fields)),
        _ => [],
    };

    /// <summary>A score as Redis writes it, as long as it has no more than 15 digits.</summary>
    public static string Text(double score) => score.ToString("R", CultureInfo.InvariantCulture);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    public static double Score(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private T? Find<T>(string key)
        where T : class => _keys.TryGetValue(key, out var value) ? (T)value : null;

    private T FindOrAdd<T>(string key)
        where T : class, new()
    {
        if (Find<T>(key) is { } found) return found;
        var added = new T();
        _keys[key] = added;
        return added;
    }
}
