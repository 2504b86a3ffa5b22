namespace Kubernetes.LeaderElection;

/// <summary>Whether this replica leads, as far as it can prove by its own clock.</summary>
public sealed class Leadership : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly TaskCompletionSource<CancellationToken> _acquired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private TaskCompletionSource _renewal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _validity = Timeout.InfiniteTimeSpan;
    private bool _lastsUnproven;
    private long _renewedAt;
    private bool _held;

    public Leadership(TimeProvider time) => _time = time;

    /// <summary>
    /// True while the lease is held and was renewed within the renew deadline. False at once after the process was stopped for
    /// longer, even before anything else has noticed. With <see cref="LeaderElectionOptions.KeepLeadingWhileUnreachable"/>, true until another
    /// replica is known to lead.
    /// </summary>
    public bool IsLeader
    {
        get
        {
            lock (_lock)
                return _held && (_lastsUnproven || IsRecent());
        }
    }

    /// <summary>
    /// True while the lease is held and was renewed within the renew deadline, whatever the options: no other replica leads. What no fence
    /// protects must not be written without it; a process that slept learns only later that it has a successor.
    /// </summary>
    public bool IsProven
    {
        get
        {
            lock (_lock)
                return _held && IsRecent();
        }
    }

    /// <summary>Completes when leadership is proven; never after it has ended.</summary>
    public async Task WaitUntilProvenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task renewal;
            lock (_lock)
            {
                if (_held && IsRecent())
                    return;
                renewal = _renewal.Task;
            }

            await renewal.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes when this replica becomes the leader, with a token that is cancelled when it ceases to be.</summary>
    public Task<CancellationToken> WaitAsync(CancellationToken cancellationToken) => _acquired.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// To be called by whoever sees another replica do the leader's work. A lease that was renewed lately proves that the other one is a former
    /// leader that does not know it yet; without that proof this one is the former leader, and its leadership ends.
    /// </summary>
    public void YieldUnlessProven()
    {
        lock (_lock)
        {
            if (!_held || IsRecent())
                return;
        }

        End();
    }

    public void Dispose() => _lifetime.Dispose();

    /// <summary>Whether leadership was held and is over.</summary>
    internal bool HasEnded => _lifetime.IsCancellationRequested;

    /// <param name="renewedAt">A timestamp from before the renewal was sent.</param>
    /// <param name="validity">How long it proves that no other replica leads.</param>
    /// <param name="lastsUnproven">Whether leadership goes on after that until it is ended.</param>
    internal void Renewed(long renewedAt, TimeSpan validity, bool lastsUnproven = false)
    {
        TaskCompletionSource renewal;
        lock (_lock)
        {
            if (_lifetime.IsCancellationRequested)
                return;
            _renewedAt = renewedAt;
            _validity = validity;
            _lastsUnproven = lastsUnproven;
            _held = true;
            (renewal, _renewal) = (_renewal, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        renewal.TrySetResult();
        _acquired.TrySetResult(_lifetime.Token);
    }

    /// <summary>Leadership is over, for good: a process leads once.</summary>
    internal void End()
    {
        lock (_lock)
            _held = false;
        _lifetime.Cancel();
    }

    private bool IsRecent() => _validity == Timeout.InfiniteTimeSpan || _time.GetElapsedTime(_renewedAt) < _validity;
}
