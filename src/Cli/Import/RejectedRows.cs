using System.Text;
using System.Text.Json;
using Segmentation.Cli.Output;

namespace Segmentation.Cli.Import;

/// <summary>Keeps the first rejected rows for the report, and writes all of them to a file when one is named.</summary>
internal sealed class RejectedRows : IDisposable
{
    public const int Shown = 20;

    private readonly FileStream? _file;
    private readonly List<RejectedRow> _first = [];

    /// <param name="path">JSONL of line, reason and row; null keeps no file.</param>
    /// <param name="keptBytes">How much of an earlier file stays: what belongs to the acknowledged part of an interrupted import.</param>
    public RejectedRows(string? path, long keptBytes)
    {
        if (path is null)
            return;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        _file.SetLength(Math.Min(keptBytes, _file.Length));
        _file.Seek(0, SeekOrigin.End);
    }

    /// <summary>The first rejected rows of this run.</summary>
    public IReadOnlyList<RejectedRow> First => _first;

    /// <summary>The length of the file; 0 without one.</summary>
    public long FileBytes => _file?.Position ?? 0;

    public void Add(RejectedRow row)
    {
        if (_first.Count < Shown)
            _first.Add(row);
        if (_file is null)
            return;
        using (var writer = new Utf8JsonWriter(_file, JsonOutput.Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("line", row.Line);
            writer.WriteString("reason", row.Reason);
            writer.WriteString("row", Encoding.UTF8.GetString(row.Source.Span));
            writer.WriteEndObject();
        }
        _file.WriteByte((byte)'\n');
    }

    public void Flush() => _file?.Flush();

    public void Dispose() => _file?.Dispose();
}
