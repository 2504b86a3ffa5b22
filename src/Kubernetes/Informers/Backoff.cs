namespace Kubernetes.Informers;

/// <summary>
/// Waits that double from <paramref name="first"/> to <paramref name="longest"/>, each up to half longer by chance, and begin
/// anew after <paramref name="resetAfter"/> without a failure. Not thread-safe.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, TimeSpan resetAfter, TimeProvider time, Random random)
{
    private TimeSpan _next = TimeSpan.Zero;
    private long? _healthySince;

    /// <summary>How long to wait after the failure that just happened.</summary>
    public TimeSpan Next()
    {
        if (_healthySince is not { } since || time.GetElapsedTime(since) >= resetAfter)
            _next = first;
        var wait = _next * (1 + (random.NextDouble() / 2));
        if (wait > longest)
            wait = longest;
        _next = _next * 2 < longest ? _next * 2 : longest;
        _healthySince = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
        return wait;
    }
}
