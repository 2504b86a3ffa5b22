using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// The partitions' logs, for what is not brought to the owner itself: whoever accepts it appends, owners read from their offset on. Appended is accepted:
/// nothing acknowledged is lost.
/// </summary>
internal sealed class EventLog(RedisConnection redis)
{
    /// <summary>The most events in one entry: what an owner must apply at once.</summary>
    public const int EventsPerEntry = 500;

    /// <summary>Between ids in one field: none has a control character.</summary>
    public const char IdSeparator = '\n';

    /// <summary>The event as a line of an entry.</summary>
    public static ReadOnlyMemory<byte> Line(CustomerEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true })) EventJson.Write(writer, e);
        return buffer.WrittenMemory;
    }

    /// <summary>Appends events of one partition as one entry.</summary>
    /// <param name="prefix">The partition's.</param>
    /// <param name="acceptedAtMs">The instant at which they take effect.</param>
    /// <param name="lines">
    /// At most <see cref="EventsPerEntry"/>, each as JSON without a line break, which <see cref="EventJson.TryRead"/> reads. Copied before this returns.
    /// </param>
    /// <returns>False when the log is full; nothing was written then.</returns>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known; sending it again is safe.</exception>
    public Task<bool> AppendAsync(string prefix, long acceptedAtMs, IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        return AppendAsync(prefix, acceptedAtMs, "e", Payload(lines));
    }

    /// <summary>Appends a change of what is known of a profile.</summary>
    /// <returns>False when the log is full; nothing was written then.</returns>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known; sending it again is safe.</exception>
    public Task<bool> AppendAsync(string prefix, long acceptedAtMs, ProfileChange change) => AppendAsync(prefix, acceptedAtMs, "p", Payload(change));

    /// <summary>Appends that a profile is to be erased.</summary>
    /// <returns>False when the log is full; nothing was written then.</returns>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known; sending it again is safe.</exception>
    public Task<bool> AppendErasureAsync(string prefix, long acceptedAtMs, string profileId) =>
        AppendAsync(prefix, acceptedAtMs, "x", Encoding.UTF8.GetBytes(profileId));

    /// <summary>Appends that a profile is to be merged into another one.</summary>
    /// <returns>False when the log is full; nothing was written then.</returns>
    /// <exception cref="StoreUnavailableException">Whether it was written is not known; sending it again is safe.</exception>
    public Task<bool> AppendAsync(string prefix, long acceptedAtMs, ProfileMerge merge) =>
        AppendAsync(prefix, acceptedAtMs, "m", Encoding.UTF8.GetBytes(merge.ProfileId + IdSeparator + merge.Into));

    /// <summary>Events as an entry holds them under <c>e</c>.</summary>
    /// <param name="lines">At least one.</param>
    public static byte[] Payload(IReadOnlyList<ReadOnlyMemory<byte>> lines)
    {
        var payload = new byte[lines.Sum(line => line.Length + 1) - 1];
        var at = 0;
        foreach (var line in lines)
        {
            if (at > 0) payload[at++] = (byte)'\n';
            line.Span.CopyTo(payload.AsSpan(at));
            at += line.Length;
        }
        return payload;
    }

    /// <summary>A change as an entry holds it under <c>p</c>.</summary>
    public static byte[] Payload(ProfileChange change)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("id", change.ProfileId);
            writer.WriteBoolean("merge", change.Merge);
            writer.WriteStartArray("removed");
            foreach (var name in change.Removed) writer.WriteStringValue(name);
            writer.WriteEndArray();
            writer.WritePropertyName("properties");
            change.Properties.WriteTo(writer);
            ProfileCodec.WriteFacts(writer, change.Facts ?? []);
            if (change.Merged is { } merged)
            {
                writer.WriteStartArray("merged");
                foreach (var id in merged) writer.WriteStringValue(id);
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private async Task<bool> AppendAsync(string prefix, long acceptedAtMs, string field, byte[] payload)
    {
        var reply = await redis.AskAsync(db => Script.Append.RunAsync(
            db, Keys.Log(prefix), redis.Options.MaxLogLength, "at", acceptedAtMs, field, payload));
        return !reply.IsNull;
    }

    /// <summary>Reads up to <paramref name="count"/> entries after <paramref name="offset"/> (exclusive), in order.</summary>
    public async Task<IReadOnlyList<LogEntry>> ReadAsync(string prefix, string offset, int count)
    {
        var reply = (RedisResult[])(await redis.AskAsync(db => db.ExecuteAsync("XRANGE", [Keys.Log(prefix), "(" + offset, "+", "COUNT", count], CommandFlags.DemandMaster)))!;
        return Array.ConvertAll(reply, Parse);
    }

    private static LogEntry Parse(RedisResult entry)
    {
        var pair = (RedisResult[])entry!;
        return Parse((string)pair[0]!, (RedisValue[])pair[1]!);
    }

    /// <param name="id">The stream id.</param>
    /// <param name="fields">Name, value, …</param>
    internal static LogEntry Parse(string id, RedisValue[] fields)
    {
        long acceptedAtMs = 0;
        IReadOnlyList<CustomerEvent> events = [];
        ProfileChange? profile = null;
        string? erased = null, parted = null;
        ProfileMerge? merge = null;
        string[] path = [];
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            switch ((string)fields[i]!)
            {
                case "at": acceptedAtMs = long.Parse((string)fields[i + 1]!, CultureInfo.InvariantCulture); break;
                case "e": events = ParseEvents((byte[])fields[i + 1]!); break;
                case "p": profile = ParseProfile((byte[])fields[i + 1]!); break;
                case "x": erased = (string)fields[i + 1]!; break;
                case "m": merge = ParseMerge((string)fields[i + 1]!); break;
                case "u": parted = (string)fields[i + 1]!; break;
                case "path": path = ((string)fields[i + 1]!).Split(IdSeparator); break;
            }
        }
        return new LogEntry(id, acceptedAtMs, events, profile, erased, merge, parted) { Path = path };
    }

    private static ProfileMerge ParseMerge(string ids) =>
        ids.Split(IdSeparator) is [var profileId, var into] ? new ProfileMerge(profileId, into) : throw new FormatException("An entry of the log holds a merge of other than two ids.");

    private static List<CustomerEvent> ParseEvents(byte[] lines)
    {
        var events = new List<CustomerEvent>();
        foreach (var range in lines.AsSpan().Split((byte)'\n'))
        {
            if (!EventJson.TryRead(lines.AsSpan()[range], EventLimits.None, out var e, out var error, out _))
                throw new FormatException($"An entry of the log holds an event that cannot be read: {error}");
            events.Add(e!);
        }
        return events;
    }

    private static ProfileChange ParseProfile(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(root.GetProperty("properties").GetRawText()));
        reader.Read();
        var removed = root.GetProperty("removed").EnumerateArray().Select(e => e.GetString()!).ToArray();
        var merged = root.TryGetProperty("merged", out var ids) ? ids.EnumerateArray().Select(e => e.GetString()!).ToArray() : null;
        return new ProfileChange(
            root.GetProperty("id").GetString()!, PropertyBag.ReadJson(ref reader), root.GetProperty("merge").GetBoolean(), removed, ProfileCodec.ReadFacts(root), merged);
    }
}
