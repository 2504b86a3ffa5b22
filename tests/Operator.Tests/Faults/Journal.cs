using System.Globalization;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>
/// What an append-only file says has happened in the partitions: the entries of the logs, the instants at which commits applied them, and every move
/// that any outbox was told, also those that were cut off since. What Redis loads from the file is the result of exactly this.
/// </summary>
internal sealed class Journal
{
    private readonly PartitionJournal[] _partitions;

    private Journal(int partitions) => _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new PartitionJournal())];

    public IReadOnlyList<PartitionJournal> Partitions => _partitions;

    public IEnumerable<LogEntry> Entries => _partitions.SelectMany(p => p.Entries);

    public IEnumerable<CustomerEvent> Events => _partitions.SelectMany(p => p.Events);

    /// <summary>All merges that were accepted.</summary>
    public IEnumerable<ProfileMerge> Merges => Entries.Select(entry => entry.Merge).OfType<ProfileMerge>();

    /// <param name="file">The content of the file; what comes after the last whole command or transaction does not count.</param>
    public static Journal Read(ReadOnlySpan<byte> file, string workspace, int partitions)
    {
        var journal = new Journal(partitions);
        var prefixes = Enumerable.Range(0, partitions).ToDictionary(p => Keys.Partition(workspace, p), p => journal._partitions[p]);
        List<byte[][]>? transaction = null;
        while (Resp.Length(file) is var length and > 0)
        {
            var arguments = Resp.Arguments(file[..length]);
            file = file[length..];
            switch (RedisCommand.Text(arguments[0]).ToUpperInvariant())
            {
                case "MULTI": transaction = []; break;
                case "EXEC":
                    foreach (var command in transaction!) Note(prefixes, command);
                    transaction = null;
                    break;
                default:
                    if (transaction is not null) transaction.Add(arguments);
                    else Note(prefixes, arguments);
                    break;
            }
        }
        return journal;
    }

    private static void Note(Dictionary<string, PartitionJournal> prefixes, byte[][] arguments)
    {
        if (arguments.Length < 3) return;
        var key = RedisCommand.Text(arguments[1]);
        if (key.IndexOf("}:", StringComparison.Ordinal) is not (> 0 and var end) || !prefixes.TryGetValue(key[..(end + 2)], out var partition)) return;
        partition.Note(RedisCommand.Text(arguments[0]), key[(end + 2)..], arguments);
    }
}

/// <summary>Of one partition.</summary>
internal sealed class PartitionJournal
{
    private const string OutboxPrefix = "outbox:";
    private const string EventsPrefix = "events:";
    private const string ForwardedPrefix = "forwarded:";

    private readonly List<LogEntry> _entries = [];
    private readonly List<Acknowledged> _applied = [];
    private readonly List<Written> _written = [];
    private int _entriesApplied;
    private readonly Dictionary<string, List<Flip>> _told = [];
    private readonly Dictionary<string, string> _merged = [];
    private readonly List<ForwardedEntry> _forwarded = [];
    private readonly Dictionary<int, List<string>> _received = [];
    private readonly HashSet<string> _receivedIds = [];
    private RedisValue[] _lastFields = [];

    /// <summary>All that was appended.</summary>
    public IReadOnlyList<LogEntry> Entries => _entries;

    /// <summary>What was appended by whoever accepted it: not because another partition had it.</summary>
    public IEnumerable<LogEntry> Accepted => _entries.Where(entry => !_receivedIds.Contains(entry.Id));

    /// <summary>All events that were accepted: appended, or committed without the log, be it for another partition.</summary>
    public IEnumerable<CustomerEvent> Events => _entries.SelectMany(entry => entry.Events).Concat(_applied.SelectMany(entry => entry.Events))
        .Concat(_forwarded.SelectMany(entry => EventLog.Parse(entry.Id, [.. entry.Fields]).Events)).DistinctBy(e => (e.ProfileId, e.Id));

    /// <summary>
    /// Those entries that were applied, each at the instant at which it took effect: its acceptance, but time was never turned back. Events that were committed
    /// without the log stand as an entry between them. What came for profiles that were merged before is left out: it is applied where they count.
    /// </summary>
    public IReadOnlyList<Acknowledged> Applied => _applied;

    /// <summary>Whether every entry was applied.</summary>
    public bool IsRead => _entriesApplied == _entries.Count;

    /// <summary>How many entries no commit has applied.</summary>
    public int Unread => _entries.Count - _entriesApplied;

    /// <summary>The latest instant that was evaluated.</summary>
    public long ClockMs { get; private set; }

    /// <summary>The profiles that were merged, each with the one that it counts for.</summary>
    public IReadOnlyDictionary<string, string> Merged => _merged;

    /// <summary>What the commits had for the logs of other partitions, in order.</summary>
    /// <param name="to">The number of one of them.</param>
    /// <param name="partitions">How many there are.</param>
    public IEnumerable<string> ForwardedTo(int to, int partitions) => _forwarded.Where(entry => PartitionHash.Of(entry.ProfileId, partitions) == to).Select(entry => Text(entry.Id, entry.Fields));

    /// <summary>What was appended to the log because another partition had it, in order.</summary>
    /// <param name="from">The number of that partition.</param>
    public IReadOnlyList<string> ReceivedFrom(int from) => _received.GetValueOrDefault(from) ?? [];

    /// <summary>What the outbox of a segment was told, in order.</summary>
    public IReadOnlyList<Flip> ToldOf(string segment) => _told.GetValueOrDefault(segment) ?? [];

    public void Note(string command, string key, byte[][] arguments)
    {
        switch (command, key)
        {
            case ("XADD", "log"):
                _lastFields = [.. arguments.Skip(3).Select(a => (RedisValue)a)];
                _entries.Add(EventLog.Parse(RedisCommand.Text(arguments[2]), _lastFields));
                break;
            case ("XADD", "forward"):
                _forwarded.Add(new ForwardedEntry(RedisCommand.Text(arguments[2]), RedisCommand.Text(arguments[4]), [.. arguments.Skip(5).Select(a => (RedisValue)a)]));
                break;
            case ("HSET", "owner") when RedisCommand.Text(arguments[2]).StartsWith(ForwardedPrefix, StringComparison.Ordinal):
                Receive(int.Parse(RedisCommand.Text(arguments[2])[ForwardedPrefix.Length..], CultureInfo.InvariantCulture), RedisCommand.Text(arguments[3]));
                break;
            case ("XADD", _) when key.StartsWith(OutboxPrefix, StringComparison.Ordinal):
                Tell(key[OutboxPrefix.Length..], arguments);
                break;
            case ("ZADD", _) when key.StartsWith(EventsPrefix, StringComparison.Ordinal):
                foreach (var pair in arguments.Skip(2).Chunk(2))
                    _written.Add(BroughtEvents.Event(key[EventsPrefix.Length..], long.Parse(RedisCommand.Text(pair[0]), CultureInfo.InvariantCulture), RedisCommand.Text(pair[1])));
                break;
            case ("ZREM", "profiles"):
                _written.AddRange(arguments.Skip(2).Select(id => new Written(null, RedisCommand.Text(id))));
                break;
            case ("HSET", "owner") when Fields(arguments) is var fields && fields.TryGetValue("offset", out var offset):
                Apply(StreamId.Parse(offset), long.Parse(fields["clock"], CultureInfo.InvariantCulture));
                break;
        }
    }

    // The script notes of each entry whence it came once it has appended it.
    private void Receive(int from, string id)
    {
        if (!_received.TryGetValue(from, out var entries)) _received[from] = entries = [];
        entries.Add(Text(id, _lastFields));
        _receivedIds.Add(_entries[^1].Id);
    }

    private static string Text(string id, IEnumerable<RedisValue> fields) => $"{id} {string.Join(' ', fields)}";

    private void Tell(string segment, byte[][] arguments)
    {
        var fields = Fields(arguments[1..]);
        if (!_told.TryGetValue(segment, out var flips)) _told[segment] = flips = [];
        flips.Add(new Flip(fields["p"], fields["a"] == "+", long.Parse(fields["t"], CultureInfo.InvariantCulture), fields["c"]));
    }

    private void Apply(StreamId offset, long clockMs)
    {
        var before = _applied.Count;
        for (; _entriesApplied < _entries.Count && IsUpTo(StreamId.Parse(_entries[_entriesApplied].Id), offset); _entriesApplied++)
        {
            var entry = _entries[_entriesApplied];
            ClockMs = Math.Max(ClockMs, entry.AcceptedAtMs);
            _applied.Add(Here(entry));
        }
        ClockMs = clockMs;
        if (BroughtEvents.Of(_written, _applied.Skip(before)) is { Count: > 0 } brought) _applied.Add(new Acknowledged(ClockMs, brought, null, null));
        _written.Clear();
    }

    // What an entry comes to in this partition alone.
    private Acknowledged Here(LogEntry entry)
    {
        if (entry.Merge is { } merge) return new Acknowledged(ClockMs, [], null, _merged.TryAdd(merge.ProfileId, merge.Into) ? merge.ProfileId : null) { ErasedBy = "merge" };
        var change = entry.Profile is { } of && _merged.ContainsKey(of.ProfileId) ? null : entry.Profile;
        return new Acknowledged(ClockMs, [.. entry.Events.Where(e => !_merged.ContainsKey(e.ProfileId))], change, entry.Erased);
    }

    private static bool IsUpTo(StreamId id, StreamId last) => id.Ms < last.Ms || (id.Ms == last.Ms && id.Number <= last.Number);

    // Name, key, field, value, …
    private static Dictionary<string, string> Fields(byte[][] arguments) =>
        arguments.Skip(2).Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => RedisCommand.Text(pair[0]), pair => RedisCommand.Text(pair[1]));
}
