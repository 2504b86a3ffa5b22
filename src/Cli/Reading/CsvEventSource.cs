using System.Buffers;
using System.Text.Json;
using Segmentation.Cli.Output;

namespace Segmentation.Cli.Reading;

/// <summary>Turns each record of delimited text into an event, as the column mapping says.</summary>
internal sealed class CsvEventSource : EventSource
{
    private readonly Stream _stream;
    private readonly CsvReader _records;
    private readonly ColumnMapping _mapping;
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _writer;

    private CsvEventSource(Stream stream, CsvReader records, ColumnMapping mapping)
    {
        _stream = stream;
        _records = records;
        _mapping = mapping;
        _writer = new Utf8JsonWriter(_json, JsonOutput.Options);
    }

    /// <summary>Opens the file at a place, reading its header first.</summary>
    /// <param name="stream">At its beginning; must be seekable unless <paramref name="start"/> is the beginning.</param>
    /// <param name="options">Which column becomes what.</param>
    /// <param name="start">Where to begin.</param>
    /// <exception cref="CliException">The mapping names a column that is not there.</exception>
    public static CsvEventSource Open(Stream stream, MappingSettings options, Position start)
    {
        var records = new CsvReader(stream, options.Dialect, Position.Start);
        var columns = new ColumnNames(options.Dialect.HasHeader ? Header(records) : null);
        var mapping = new ColumnMapping(options, columns);
        if (start != Position.Start)
        {
            stream.Position = start.Offset;
            records = new CsvReader(stream, options.Dialect, start);
        }
        return new CsvEventSource(stream, records, mapping);
    }

    public override bool TryRead(out EventRow row)
    {
        row = default;
        if (!_records.Read())
            return false;
        _json.ResetWrittenCount();
        _writer.Reset();
        string? problem = _records.Problem ?? _mapping.Write(_records, _writer);
        _writer.Flush();
        ReadOnlyMemory<byte> json = problem is null ? _json.WrittenMemory : default;
        row = new EventRow(_records.Line, _records.End, _records.Bytes, json, problem);
        return true;
    }

    public override void Dispose()
    {
        _writer.Dispose();
        _stream.Dispose();
    }

    private static string[] Header(CsvReader records)
    {
        if (!records.ReadHeader())
            throw CliException.BadInput("the file is empty", "it should start with a header, or be read with --no-header");
        return [.. Enumerable.Range(0, records.FieldCount).Select(i => records.Text(i)?.Trim() ?? string.Empty)];
    }
}
