using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kubernetes.Model;

namespace Kubernetes.Client;

/// <summary>Reads a watch: one JSON object per line, each parsed once.</summary>
internal static class WatchReader
{
    /// <summary>Ends when the stream does; a last line without its end is dropped, as it may be cut.</summary>
    public static async IAsyncEnumerable<WatchEvent<T>> ReadAsync<T>(
        Stream stream, EntityType<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (!line.IsEmpty)
                        yield return Parse(line, type);
                }

                pipe.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                    yield break;
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    /// <exception cref="JsonException">The line is not a watch event at all.</exception>
    internal static WatchEvent<T> Parse<T>(ReadOnlySequence<byte> line, EntityType<T> type)
        where T : class, IKubernetesObject
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = JsonDepth.Max });
        WatchEventKind? kind = null;
        var early = reader;
        var sawObject = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A line of a watch must be an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                kind = ParseKind(reader.GetString());
                if (sawObject)
                    return ParseObject(kind.Value, ref early, type);
            }
            else if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                if (kind is { } known)
                    return ParseObject(known, ref reader, type);
                // Every server writes the type first; should one not, come back to the object later.
                early = reader;
                sawObject = true;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        throw new JsonException("A line of a watch must have a type and an object.");
    }

    private static WatchEvent<T> ParseObject<T>(WatchEventKind kind, ref Utf8JsonReader reader, EntityType<T> type)
        where T : class, IKubernetesObject
    {
        if (kind == WatchEventKind.Error)
        {
            var status = JsonSerializer.Deserialize(ref reader, ProtocolJson.Default.ApiStatus);
            return new(kind, new ObjectMeta(), Entity: null, status, DecodeError: null);
        }

        if (kind == WatchEventKind.Bookmark)
            return new(kind, Metadata(ref reader), Entity: null, Status: null, DecodeError: null);

        var start = reader;
        try
        {
            var entity = JsonSerializer.Deserialize(ref reader, type.Json) ?? throw new JsonException("The object is null.");
            return new(kind, entity.Metadata, type.Complete(entity), Status: null, DecodeError: null);
        }
        catch (Exception e) when (DecodeErrors.Are(e))
        {
            return new(kind, Metadata(ref start), Entity: null, Status: null, DecodeErrors.Describe(e));
        }
    }

    private static ObjectMeta Metadata(ref Utf8JsonReader reader) =>
        JsonSerializer.Deserialize(ref reader, ProtocolJson.Default.PartialObject)?.Metadata ?? new ObjectMeta();

    private static WatchEventKind ParseKind(string? type) => type switch
    {
        "ADDED" => WatchEventKind.Added,
        "MODIFIED" => WatchEventKind.Modified,
        "DELETED" => WatchEventKind.Deleted,
        "BOOKMARK" => WatchEventKind.Bookmark,
        "ERROR" => WatchEventKind.Error,
        _ => throw new JsonException($"'{type}' is not a kind of watch event."),
    };
}

/// <summary>What a JSON reader and the converters of a type may throw at an object that does not fit.</summary>
internal static class DecodeErrors
{
    public static bool Are(Exception e) =>
        e is JsonException or FormatException or InvalidOperationException or OverflowException or ArgumentException or NotSupportedException;

    /// <summary>Says where; the value itself stays out, as it may be a secret, and so does the text of errors that would repeat it.</summary>
    public static string Describe(Exception e) =>
        e is JsonException { Path: { } path } ? $"does not fit at {path}" : $"does not fit ({e.GetType().Name})";
}
