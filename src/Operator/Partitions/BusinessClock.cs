namespace Segmentation.Operator.Partitions;

/// <summary>
/// The clock that memberships are true at: the system's, or, when <c>DataPlane:TestClock</c> is set, one that a test moves. Leases, backoffs and
/// time-outs never use it.
/// </summary>
public sealed class BusinessClock(TimeProvider time)
{
    private long _offsetMs;

    /// <summary>Raised after the clock was moved, so that sleepers look again.</summary>
    public event Action? Moved;

    /// <summary>Milliseconds since the Unix epoch, UTC.</summary>
    public long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds() + Interlocked.Read(ref _offsetMs);

    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    /// <summary>Moves the clock to an instant, from which it goes on. Evaluations never go back: moving it back only stops time until it is reached again.</summary>
    public void MoveTo(DateTimeOffset instant)
    {
        Interlocked.Exchange(ref _offsetMs, instant.ToUnixTimeMilliseconds() - time.GetUtcNow().ToUnixTimeMilliseconds());
        Moved?.Invoke();
    }
}
