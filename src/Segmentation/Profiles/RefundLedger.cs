namespace Segmentation;

/// <summary>Everything that was taken back of one occurrence, in order of time, whatever the order of arrival.</summary>
internal sealed class RefundLedger
{
    private Refund[] refunds = [];

    /// <summary>By time; amounts of the same instant in no particular order.</summary>
    public IReadOnlyList<Refund> Refunds => refunds;

    /// <summary>The earliest instant, inclusive, from which the whole occurrence is taken back; <see cref="long.MaxValue"/> for never.</summary>
    public long TakenBackAtMs { get; private set; } = long.MaxValue;

    public long LatestMs => refunds[^1].AtMs;

    /// <param name="refund">What is taken back and when.</param>
    /// <param name="value">The value of the occurrence; null when it has none, and then every refund takes it back as a whole.</param>
    public void Add(Refund refund, decimal? value)
    {
        var at = refunds.Length;
        while (at > 0 && refunds[at - 1].AtMs > refund.AtMs)
            at--;
        refunds = [.. refunds.AsSpan(0, at), refund, .. refunds.AsSpan(at)];
        TakenBackAtMs = FindTakenBack(value);
    }

    /// <summary>The sum of the amounts taken back up to the instant, inclusive.</summary>
    public decimal TakenBy(long instantMs)
    {
        var taken = 0m;
        foreach (var refund in refunds)
        {
            if (refund.AtMs > instantMs)
                break;
            taken += refund.Amount ?? 0m;
        }

        return taken;
    }

    /// <summary>When something is taken back for the first time after the instant; <see cref="long.MaxValue"/> for never.</summary>
    public long NextAfter(long instantMs)
    {
        foreach (var refund in refunds)
        {
            if (refund.AtMs > instantMs)
                return refund.AtMs;
        }

        return long.MaxValue;
    }

    private long FindTakenBack(decimal? value)
    {
        var left = value ?? 0m;
        foreach (var refund in refunds)
        {
            left -= refund.Amount ?? left;
            if (left <= 0m)
                return refund.AtMs;
        }

        return long.MaxValue;
    }
}
