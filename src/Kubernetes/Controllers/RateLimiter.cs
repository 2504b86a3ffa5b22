namespace Kubernetes.Controllers;

/// <summary>Per key: a burst at once, then one per interval. Thread-safe.</summary>
internal sealed class RateLimiter<TKey>(int burst, TimeSpan interval, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Bucket> _buckets = [];

    /// <summary>Takes one; null when there was one, else how long until there is.</summary>
    public TimeSpan? Take(TKey key)
    {
        if (interval <= TimeSpan.Zero)
            return null;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var bucket = _buckets.GetValueOrDefault(key) ?? new Bucket(burst, now);
            var tokens = Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now) / interval));
            // A hair below one counts as one: the caller that waited for exactly this moment must not wait again.
            if (tokens < 1 - 1e-6)
            {
                _buckets[key] = new Bucket(tokens, now);
                return interval * (1 - tokens);
            }

            _buckets[key] = new Bucket(Math.Max(0, tokens - 1), now);
            return null;
        }
    }

    public void Forget(TKey key)
    {
        lock (_lock)
            _buckets.Remove(key);
    }

    private sealed record Bucket(double Tokens, long At);
}
