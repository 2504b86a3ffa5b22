namespace Segmentation.Operator.Tests;

/// <summary>A clock that stands still until a test moves it, or moves by itself whenever somebody looks. Timers stay the system's.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private long _nowMs = start.ToUnixTimeMilliseconds();

    public long NowMs => Interlocked.Read(ref _nowMs);

    /// <summary>How far it moves with every look at the time of day.</summary>
    public long MovesMs { get; set; }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Add(ref _nowMs, MovesMs));

    public override long GetTimestamp() => NowMs;

    public override long TimestampFrequency => 1000;

    public void Advance(long ms) => Interlocked.Add(ref _nowMs, ms);
}
