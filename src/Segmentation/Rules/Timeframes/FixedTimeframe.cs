namespace Segmentation;

/// <summary>Between two instants, either of them open: [from, to), and not after the instant asked about.</summary>
public sealed class FixedTimeframe : PlainTimeframe
{
    /// <summary>Nothing at all.</summary>
    internal static readonly FixedTimeframe Empty = new(long.MaxValue, null);

    private readonly long fromMs;

    private FixedTimeframe(long fromMs, long? toMs)
    {
        this.fromMs = fromMs;
        ToMs = toMs;
    }

    /// <summary>Inclusive, in milliseconds since the Unix epoch; null for open.</summary>
    public long? StartMs => fromMs == long.MinValue ? null : fromMs;

    /// <summary>Exclusive, in milliseconds since the Unix epoch; null for open.</summary>
    public long? ToMs { get; }

    internal override bool Moves => false;

    /// <param name="fromMs">Inclusive; <see cref="long.MinValue"/> for open.</param>
    /// <param name="toMs">Exclusive and after <paramref name="fromMs"/>, or an <see cref="ArgumentException"/>; null for open.</param>
    public static FixedTimeframe Of(long fromMs, long? toMs)
    {
        if (toMs <= fromMs)
            throw new ArgumentException("The end must lie after the beginning.", nameof(toMs));
        return new FixedTimeframe(fromMs, toMs);
    }

    internal override long FromMs(long instantMs) => fromMs;

    internal override long UntilMs(long instantMs) => ToMs is { } to && to <= instantMs ? to - 1 : instantMs;

    internal override long EntersAt(long timeMs) => timeMs >= fromMs && (ToMs is null || timeMs < ToMs) ? timeMs : Verdict.Never;

    internal override long LeavesAt(long timeMs) => Verdict.Never;

    public override string ToString() => (StartMs, ToMs) switch
    {
        (null, null) => "ever",
        ({ } from, null) => $"since {Rfc3339.Format(from)}",
        (null, { } to) => $"before {Rfc3339.Format(to)}",
        ({ } from, { } to) => $"from {Rfc3339.Format(from)} to {Rfc3339.Format(to)}",
    };
}
