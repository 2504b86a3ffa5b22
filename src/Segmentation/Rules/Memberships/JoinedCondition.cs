using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>What is asked of the instant at which a member entered.</summary>
public enum JoinedOperator
{
    /// <summary>Less than the duration ago.</summary>
    Within,

    /// <summary>At least the duration ago.</summary>
    AtLeast,

    /// <summary>Strictly before the instant.</summary>
    Before,
}

/// <summary>When a member must have joined.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct JoinedCondition
{
    private readonly long operandMs;

    private JoinedCondition(JoinedOperator op, long operandMs)
    {
        if (op != JoinedOperator.Before)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(operandMs, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(operandMs, Timeframe.MaxMs);
        }

        Operator = op;
        this.operandMs = operandMs;
    }

    public JoinedOperator Operator { get; }

    /// <summary>t − joined &lt; within.</summary>
    /// <param name="withinMs">1 to <see cref="Timeframe.MaxMs"/>, in milliseconds.</param>
    public static JoinedCondition Within(long withinMs) => new(JoinedOperator.Within, withinMs);

    /// <summary>t − joined ≥ duration.</summary>
    /// <param name="durationMs">1 to <see cref="Timeframe.MaxMs"/>, in milliseconds.</param>
    public static JoinedCondition AtLeast(long durationMs) => new(JoinedOperator.AtLeast, durationMs);

    /// <summary>joined &lt; instant.</summary>
    /// <param name="instantMs">In milliseconds since the Unix epoch.</param>
    public static JoinedCondition Before(long instantMs) => new(JoinedOperator.Before, instantMs);

    /// <summary>Whether it holds of a member that entered at one instant and stays until the other, and when that changes.</summary>
    internal (bool Holds, long ChangesAtMs) Ask(long joinedAtMs, long instantMs)
    {
        if (Operator == JoinedOperator.Before)
            return (joinedAtMs < operandMs, Verdict.Never);
        var passedAtMs = joinedAtMs + operandMs;
        var hasPassed = instantMs >= passedAtMs;
        return (hasPassed == (Operator == JoinedOperator.AtLeast), hasPassed ? Verdict.Never : passedAtMs);
    }

    /// <summary>
    /// The same of one that enters at the instant asked about. Until its entering is recorded it enters later at every later instant, and
    /// then no longer before the one that <see cref="Before"/> names.
    /// </summary>
    internal (bool Holds, long ChangesAtMs) AskEntering(long instantMs)
    {
        var (holds, changesAtMs) = Ask(instantMs, instantMs);
        return (holds, Operator == JoinedOperator.Before && holds ? operandMs : changesAtMs);
    }

    /// <summary>Such as <c>joined within 7d</c>.</summary>
    public override string ToString() => Operator switch
    {
        JoinedOperator.Within => $"joined within {DurationWords.Of(operandMs)}",
        JoinedOperator.AtLeast => $"for {DurationWords.Of(operandMs)}",
        _ => $"joined before {Rfc3339.Format(operandMs)}",
    };
}
