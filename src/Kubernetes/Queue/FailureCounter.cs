namespace Kubernetes.Queue;

/// <summary>How long to wait after each key's failures: 750 ms, doubling up to 15 min. It never gives up on a key. Not thread-safe.</summary>
internal sealed class FailureCounter<TKey>
    where TKey : notnull
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(750);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly Dictionary<TKey, int> _failures = [];

    public TimeSpan Next(TKey key)
    {
        var failures = _failures.GetValueOrDefault(key);
        _failures[key] = failures + 1;
        // 2^11 × 750 ms is past 15 min already; the bound keeps the power from overflowing.
        var wait = First * Math.Pow(2, Math.Min(failures, 11));
        return wait < Longest ? wait : Longest;
    }

    public void Forget(TKey key) => _failures.Remove(key);
}
