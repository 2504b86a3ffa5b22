using System.Buffers;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Import;

/// <summary>Consecutive rows that are sent in one request.</summary>
internal sealed class Batch(long number)
{
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private readonly List<BatchRow> _rows = [];
    private readonly List<RejectedRow> _unreadable = [];

    /// <summary>0, 1, 2 … in the file's order.</summary>
    public long Number { get; } = number;

    /// <summary>The rows to send, in the file's order.</summary>
    public IReadOnlyList<BatchRow> Rows => _rows;

    /// <summary>The rows that were no events, found while reading.</summary>
    public IReadOnlyList<RejectedRow> Unreadable => _unreadable;

    /// <summary>The place behind the last row.</summary>
    public Position End { get; private set; }

    public int RowCount => _rows.Count + _unreadable.Count;

    public int BodyBytes => _body.WrittenCount;

    /// <summary>Copies a row into the batch.</summary>
    public void Add(in EventRow row)
    {
        End = row.End;
        byte[] source = row.Source.ToArray();
        if (row.Problem is not null)
        {
            _unreadable.Add(new RejectedRow(row.Line, row.Problem, source));
            return;
        }
        int start = _body.WrittenCount;
        _body.Write(row.Json.Span);
        _body.Write("\n"u8);
        _rows.Add(new BatchRow(row.Line, source, start, _body.WrittenCount - start));
    }

    /// <summary>NDJSON of a range of <see cref="Rows"/>.</summary>
    public ReadOnlyMemory<byte> Body(Range rows)
    {
        (int first, int count) = rows.GetOffsetAndLength(_rows.Count);
        if (count == 0)
            return default;
        BatchRow last = _rows[first + count - 1];
        return _body.WrittenMemory[_rows[first].Start..(last.Start + last.Length)];
    }
}

/// <param name="Line">The 1-based line that the row starts on.</param>
/// <param name="Source">The row as it stands in the file.</param>
/// <param name="Start">Where its event starts in the batch's body.</param>
/// <param name="Length">The event's bytes, its line feed included.</param>
internal readonly record struct BatchRow(long Line, ReadOnlyMemory<byte> Source, int Start, int Length);
