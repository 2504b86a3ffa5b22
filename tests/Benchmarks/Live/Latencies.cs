using System.Collections.Concurrent;
using System.Globalization;

namespace Segmentation.Benchmarks.Live;

/// <summary>Times that were measured, in milliseconds; safe to add to from several threads.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentBag<double> _all = [];

    public int Count => _all.Count;

    public void Add(double milliseconds) => _all.Add(milliseconds);

    public double Percentile(double share)
    {
        var sorted = _all.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {Percentile(0.5):0.0} ms, p90 {Percentile(0.9):0.0} ms, p99 {Percentile(0.99):0.0} ms, longest {Percentile(1):0.0} ms ({Count})");
}
