using System.Text.Json;

namespace Segmentation.Operator.Http;

/// <summary>A request body taken apart: the events that are right, and for each that is wrong its place and what to mend.</summary>
internal sealed class EventBody
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 16 };

    private readonly List<CustomerEvent> _events = [];
    private readonly List<RejectedItem> _rejected = [];

    public IReadOnlyList<CustomerEvent> Events => _events;

    public IReadOnlyList<RejectedItem> Rejected => _rejected;

    public int Count => _events.Count + _rejected.Count;

    public int IgnoredFields { get; private set; }

    /// <summary>Why nothing of the body can be used, or null.</summary>
    public string? Malformed { get; private set; }

    /// <param name="ndjson">Each line is an event of its own; a line that is not JSON spoils only itself.</param>
    public static EventBody Parse(ReadOnlySpan<byte> body, bool ndjson, in EventLimits limits)
    {
        var parsed = new EventBody();
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        if (ndjson || HasSeveralObjects(body)) parsed.ReadLines(body, limits);
        else parsed.ReadDocument(body, limits);
        return parsed;
    }

    // NDJSON is often sent as application/json: one object that is followed by another.
    private static bool HasSeveralObjects(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 16, AllowMultipleValues = true });
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void ReadLines(ReadOnlySpan<byte> body, in EventLimits limits)
    {
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            if (!line.IsEmpty) ReadEvent(line, limits);
        }
    }

    private void ReadDocument(ReadOnlySpan<byte> body, in EventLimits limits)
    {
        var reader = new Utf8JsonReader(body, ReaderOptions);
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadElement(body, ref reader, limits);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadElement(body, ref reader, limits);
            }
            else
            {
                Malformed = "The body must be a JSON array of events, one event, or NDJSON.";
            }
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            // The reader's own message may quote what it stumbled over, and that may be personal.
            Malformed = $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}. Nothing of it was accepted.";
        }
    }

    private void ReadElement(ReadOnlySpan<byte> body, ref Utf8JsonReader reader, in EventLimits limits)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        ReadEvent(body[start..(int)reader.BytesConsumed], limits);
    }

    private void ReadEvent(ReadOnlySpan<byte> json, in EventLimits limits)
    {
        if (EventJson.TryRead(json, limits, out var e, out var error, out var ignored)) _events.Add(e);
        else _rejected.Add(new RejectedItem(Count, error.ToString()));
        IgnoredFields += ignored;
    }
}
