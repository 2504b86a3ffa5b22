using System.Text.Json;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary>A request body taken apart: the events that are right, and for each that is wrong its place and what to mend.</summary>
internal sealed class EventBody
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 16 };

    // What is longer has white space in it, or is rare.
    private const int LongestKept = 1024;

    // About as long as a small event: what is guessed too much is less than growing step by step.
    private const int UsualLength = 150;

    private readonly List<AcceptedEvent> _events;
    private readonly List<RejectedItem> _rejected = [];

    private EventBody(int expected) => _events = new List<AcceptedEvent>(expected);

    public IReadOnlyList<AcceptedEvent> Events => _events;

    public IReadOnlyList<RejectedItem> Rejected => _rejected;

    public int Count => _events.Count + _rejected.Count;

    public int IgnoredFields { get; private set; }

    /// <summary>Why nothing of the body can be used, or null.</summary>
    public string? Malformed { get; private set; }

    /// <param name="body">Must stay as it is for as long as <see cref="Events"/> is used.</param>
    /// <param name="ndjson">Each line is an event of its own; a line that is not JSON spoils only itself.</param>
    public static EventBody Parse(ReadOnlyMemory<byte> body, bool ndjson, in EventLimits limits)
    {
        var parsed = new EventBody((body.Length / UsualLength) + 1);
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        if (ndjson || HasSeveralObjects(body.Span)) parsed.ReadLines(body, limits);
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

    private void ReadLines(ReadOnlyMemory<byte> body, in EventLimits limits)
    {
        foreach (var range in body.Span.Split((byte)'\n'))
        {
            var line = body[range].Trim(" \t\r"u8);
            if (!line.IsEmpty) ReadEvent(line, limits);
        }
    }

    private void ReadDocument(ReadOnlyMemory<byte> body, in EventLimits limits)
    {
        var reader = new Utf8JsonReader(body.Span, ReaderOptions);
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

    private void ReadElement(ReadOnlyMemory<byte> body, ref Utf8JsonReader reader, in EventLimits limits)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        ReadEvent(body[start..(int)reader.BytesConsumed], limits);
    }

    private void ReadEvent(ReadOnlyMemory<byte> json, in EventLimits limits)
    {
        if (EventJson.TryRead(json.Span, limits, out var e, out var error, out var ignored)) _events.Add(new AcceptedEvent(e, LineOf(json, e, ignored)));
        else _rejected.Add(new RejectedItem(Count, error.ToString()));
        IgnoredFields += ignored;
    }

    // As it came, unless it holds what is not to be kept or could not be a line.
    private static ReadOnlyMemory<byte> LineOf(ReadOnlyMemory<byte> json, CustomerEvent e, int ignoredFields) =>
        ignoredFields == 0 && json.Length <= LongestKept && !json.Span.Contains((byte)'\n') ? json : EventLog.Line(e);
}

/// <summary>An event that is right.</summary>
/// <param name="Event">The event.</param>
/// <param name="Json">It as a line for the log; as a rule, the very bytes of the body.</param>
internal readonly record struct AcceptedEvent(CustomerEvent Event, ReadOnlyMemory<byte> Json);
