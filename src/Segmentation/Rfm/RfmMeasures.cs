using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>What frequency counts.</summary>
public enum RfmFrequency
{
    /// <summary>Purchases.</summary>
    Purchases,

    /// <summary>Days, in UTC, with at least one purchase.</summary>
    Days,
}

/// <summary>What monetary value is.</summary>
public enum RfmMonetary
{
    /// <summary>What the purchases come to, less what was taken back.</summary>
    Sum,

    /// <summary>That, divided by how many purchases count, rounded half to even to <see cref="RfmScore.AverageDecimals"/> decimals.</summary>
    Average,
}

/// <summary>How much each digit counts for the combined score: none below 0, not all of them 0.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RfmWeights
{
    /// <summary>Every digit counts alike.</summary>
    public static readonly RfmWeights Equal = new(1, 1, 1);

    private const int Decimals = 2;

    public RfmWeights(int recency, int frequency, int monetary)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(recency);
        ArgumentOutOfRangeException.ThrowIfNegative(frequency);
        ArgumentOutOfRangeException.ThrowIfNegative(monetary);
        if (recency == 0 && frequency == 0 && monetary == 0)
            throw new ArgumentException("One of the weights must be above 0.", nameof(recency));
        (Recency, Frequency, Monetary) = (recency, frequency, monetary);
    }

    public int Recency { get; }

    public int Frequency { get; }

    public int Monetary { get; }

    /// <summary>The weighted mean of the digits, rounded half to even to two decimals; between the lowest and the highest of them.</summary>
    public decimal Combine(int recency, int frequency, int monetary)
    {
        var sum = ((long)Recency * recency) + ((long)Frequency * frequency) + ((long)Monetary * monetary);
        return Math.Round((decimal)sum / ((long)Recency + Frequency + Monetary), Decimals, MidpointRounding.ToEven);
    }
}

/// <summary>Break points that are named for some dimensions; null for those that have none of their own. See <see cref="RfmBreakPoints"/>.</summary>
public sealed record RfmCutPoints(IReadOnlyList<long>? RecencyMs, IReadOnlyList<long>? Frequency, IReadOnlyList<decimal>? Monetary)
{
    public static readonly RfmCutPoints None = new(null, null, null);
}
