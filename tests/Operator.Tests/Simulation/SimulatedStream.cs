using System.Globalization;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>A stream: entries in the order of their ids, which only grow.</summary>
internal sealed class SimulatedStream
{
    private readonly List<SimulatedEntry> _entries = [];
    private StreamPosition _last = new(0, 0);

    public IReadOnlyList<SimulatedEntry> Entries => _entries;

    public StreamPosition Add(long nowMs, string[] fields)
    {
        _last = nowMs > _last.Ms ? new StreamPosition(nowMs, 0) : _last with { Number = _last.Number + 1 };
        _entries.Add(new SimulatedEntry(_last, fields));
        return _last;
    }

    public int RemoveUpTo(StreamPosition position) => _entries.RemoveAll(entry => !entry.Id.IsAfter(position));
}

internal sealed record SimulatedEntry(StreamPosition Id, string[] Fields);

/// <summary>The id of an entry: <c>ms-number</c>.</summary>
internal sealed record StreamPosition(long Ms, long Number)
{
    public static StreamPosition Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return new StreamPosition(long.Parse(text.AsSpan(0, dash), CultureInfo.InvariantCulture), long.Parse(text.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    public bool IsAfter(StreamPosition other) => Ms > other.Ms || (Ms == other.Ms && Number > other.Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ms}-{Number}");
}
