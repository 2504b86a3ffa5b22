using System.Globalization;

namespace Segmentation.Operator.Audiences;

/// <summary>The id of a stream entry: milliseconds and a number.</summary>
internal sealed record StreamId(ulong Ms, ulong Number)
{
    /// <summary>Before every entry.</summary>
    public static readonly StreamId Zero = new(0, 0);

    public static StreamId Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return new StreamId(ulong.Parse(text.AsSpan(0, dash), CultureInfo.InvariantCulture), ulong.Parse(text.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>The smallest id after this one.</summary>
    public StreamId Next() => Number == ulong.MaxValue ? new StreamId(Ms + 1, 0) : new StreamId(Ms, Number + 1);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Ms}-{Number}");
}
