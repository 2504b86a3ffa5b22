using System.Collections;

namespace Segmentation.Operator.Workspaces;

/// <summary>In which partitions which passes have finished. Thread safe.</summary>
internal sealed class PassProgress(int partitions)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Key, string PassId), BitArray> _done = [];

    /// <returns>True when with this partition the pass has finished in all.</returns>
    public bool Report(int partition, string key, string passId)
    {
        lock (_lock)
        {
            if (!_done.TryGetValue((key, passId), out var bits)) _done[(key, passId)] = bits = new BitArray(partitions);
            if (bits[partition]) return false;
            bits[partition] = true;
            return bits.HasAllSet();
        }
    }

    /// <summary>The partitions in which a pass has finished, as far as this replica knows.</summary>
    public IReadOnlyList<int> DoneIn(string key, string passId)
    {
        lock (_lock) return _done.TryGetValue((key, passId), out var bits) ? [.. Enumerable.Range(0, partitions).Where(p => bits[p])] : [];
    }

    public bool IsDone(string key, string passId)
    {
        lock (_lock) return _done.TryGetValue((key, passId), out var bits) && bits.HasAllSet();
    }

    /// <summary>The share of partitions that have finished, 0 to 100, rounded down.</summary>
    public int Percent(string key, string passId)
    {
        lock (_lock)
        {
            if (!_done.TryGetValue((key, passId), out var bits)) return 0;
            return (int)(100L * bits.Cast<bool>().Count(done => done) / partitions);
        }
    }

    /// <summary>Forgets passes that nobody waits for any more.</summary>
    public void Retain(IReadOnlySet<(string Key, string PassId)> wanted)
    {
        lock (_lock)
        {
            foreach (var key in _done.Keys.Where(k => !wanted.Contains(k)).ToArray()) _done.Remove(key);
        }
    }
}
