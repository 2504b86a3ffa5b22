namespace Kubernetes.LeaderElection;

/// <summary>Whether this replica leads, as far as it can prove by its own clock.</summary>
public sealed class Leadership : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly TaskCompletionSource<CancellationToken> _acquired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private TimeSpan _validity = Timeout.InfiniteTimeSpan;
    private long _renewedAt;
    private bool _held;

    public Leadership(TimeProvider time) => _time = time;

    /// <summary>
    /// True while the lease is held and was renewed within the renew deadline. False at once after the process was stopped for
    /// longer, even before anything else has noticed.
    /// </summary>
    public bool IsLeader
    {
        get
        {
            lock (_lock)
                return _held && (_validity == Timeout.InfiniteTimeSpan || _time.GetElapsedTime(_renewedAt) < _validity);
        }
    }

    /// <summary>Completes when this replica becomes the leader, with a token that is cancelled when it ceases to be.</summary>
    public Task<CancellationToken> WaitAsync(CancellationToken cancellationToken) => _acquired.Task.WaitAsync(cancellationToken);

    public void Dispose() => _lifetime.Dispose();

    /// <param name="renewedAt">A timestamp from before the renewal was sent.</param>
    /// <param name="validity">How long it may be relied upon.</param>
    internal void Renewed(long renewedAt, TimeSpan validity)
    {
        lock (_lock)
        {
            if (_lifetime.IsCancellationRequested)
                return;
            _renewedAt = renewedAt;
            _validity = validity;
            _held = true;
        }

        _acquired.TrySetResult(_lifetime.Token);
    }

    /// <summary>Leadership is over, for good: a process leads once.</summary>
    internal void End()
    {
        lock (_lock)
            _held = false;
        _lifetime.Cancel();
    }
}
