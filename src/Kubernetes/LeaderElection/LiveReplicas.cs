using Kubernetes.Model;

namespace Kubernetes.LeaderElection;

/// <summary>
/// The replicas of this program that are at work, as their Leases tell. One counts from when its Lease is seen until that is deleted, or has not been
/// seen to change for its duration by this process' own clock; what other machines' clocks say is never looked at. While this replica does not see its
/// own renewals come back, its view of the others is old: then everything stays as it was.
/// </summary>
public sealed class LiveReplicas
{
    private const int RenewalsUnderWay = 32;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _duration;
    private readonly Dictionary<string, SeenLease> _seen = [];
    private volatile IReadOnlyList<string> _current = [];
    private readonly Queue<(DateTimeOffset RenewTime, long At)> _sent = new();
    private long? _provenAt;
    private long? _provenSince;
    private bool _hasLeft;

    /// <param name="duration">How long the others count this replica after a renewal.</param>
    internal LiveReplicas(string self, TimeSpan duration, TimeProvider time)
    {
        Self = self;
        _duration = duration;
        _time = time;
    }

    /// <summary>What this replica is called.</summary>
    public string Self { get; }

    /// <summary>
    /// The replicas that count, in ordinal order; another list whenever it changes. Without this one before it has begun and after it has stopped.
    /// </summary>
    public IReadOnlyList<string> Current => _current;

    /// <summary>
    /// Whether this replica renewed its Lease, and saw that come back by its watch, less than the Lease's duration ago: all others count it, and it
    /// knows of them what they know of each other. False at once after the process slept for longer.
    /// </summary>
    public bool IsProven
    {
        get
        {
            lock (_lock)
                return IsProvenNow();
        }
    }

    /// <summary>Raised after <see cref="Current"/> changed or <see cref="IsProven"/> became true. Handlers return at once.</summary>
    public event Action? Changed;

    /// <summary>For a program of one replica, which never has to prove anything.</summary>
    public static LiveReplicas Alone(string self) =>
        new(self, Timeout.InfiniteTimeSpan, TimeProvider.System) { _current = [self], _provenAt = 0 };

    /// <summary>A renewal of this replica's own Lease is on its way.</summary>
    internal void Sent(DateTimeOffset renewTime)
    {
        lock (_lock)
        {
            _sent.Enqueue((renewTime, _time.GetTimestamp()));
            if (_sent.Count > RenewalsUnderWay)
                _sent.Dequeue();
        }
    }

    /// <summary>A Lease is there or has changed.</summary>
    internal void Saw(V1Lease lease)
    {
        lock (_lock)
        {
            if (lease.Spec is not { HolderIdentity: { Length: > 0 } holder } spec)
            {
                _seen.Remove(lease.Metadata.Name);
            }
            else if (!_seen.TryGetValue(lease.Metadata.Name, out var seen) || seen.Spec != spec)
            {
                // As long as its holder says, who stops by itself when it has not renewed for that long.
                var duration = spec.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : _duration;
                _seen[lease.Metadata.Name] = new SeenLease(spec, holder, duration, _time.GetTimestamp());
            }

            // From when it was sent: the others have seen it later than that.
            if (lease.Spec?.HolderIdentity == Self && _sent.Where(sent => sent.RenewTime == lease.Spec.RenewTime).Select(sent => (long?)sent.At).FirstOrDefault() is { } at)
                _provenAt = at;
        }

        Look();
    }

    /// <summary>A Lease was deleted.</summary>
    internal void Lost(string name)
    {
        lock (_lock)
            _seen.Remove(name);
        Look();
    }

    /// <summary>Counts anew; to be called now and then, as Leases run out without anything happening.</summary>
    internal void Look()
    {
        lock (_lock)
        {
            if (!IsProvenNow())
            {
                _provenSince = null;
                return;
            }

            // What was not renewed while nothing could be seen is not held against anybody.
            var isNews = _provenSince is null;
            var since = _provenSince ??= _time.GetTimestamp();
            var live = _seen.Values
                .Where(seen => seen.Holder == Self || _time.GetElapsedTime(Math.Max(seen.At, since)) < seen.Duration)
                .Select(seen => seen.Holder).Distinct().Order(StringComparer.Ordinal).ToArray();
            if (!live.SequenceEqual(_current))
                _current = live;
            else if (!isNews)
                return;
        }

        Changed?.Invoke();
    }

    /// <summary>The names of Leases that have been left behind for this long.</summary>
    internal IReadOnlyList<string> LeftFor(TimeSpan time)
    {
        lock (_lock)
        {
            return _provenSince is not { } since ? []
                : [.. _seen.Where(seen => seen.Value.Holder != Self && _time.GetElapsedTime(Math.Max(seen.Value.At, since)) > time).Select(seen => seen.Key)];
        }
    }

    /// <summary>This replica does nothing more, whatever its Lease says.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            _hasLeft = true;
            _current = [.. _current.Where(replica => replica != Self)];
        }

        Changed?.Invoke();
    }

    private bool IsProvenNow() =>
        !_hasLeft && _provenAt is { } at && (_duration == Timeout.InfiniteTimeSpan || _time.GetElapsedTime(at) < _duration);

    private sealed record SeenLease(V1LeaseSpec Spec, string Holder, TimeSpan Duration, long At);
}
