namespace Segmentation.Cli.Reading;

/// <summary>One JSON object on each line; what is inside of it is for the reader of the events to judge.</summary>
internal sealed class JsonlEventSource(Stream stream, Position start) : EventSource
{
    private readonly LineReader _lines = new(stream, start);

    public override bool TryRead(out EventRow row)
    {
        row = default;
        if (!_lines.Read())
            return false;
        string? problem = _lines.IsTooLong ? $"the line is longer than {LineReader.LongestLineBytes} bytes" : null;
        row = new EventRow(_lines.Line, _lines.End, _lines.Bytes, _lines.Bytes, problem);
        return true;
    }

    public override void Dispose() => stream.Dispose();
}
