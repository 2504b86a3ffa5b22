using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>Reads Klaviyo's filters on numbers.</summary>
internal static class NumberFilter
{
    /// <summary>Sets the comparison that the filter asks for.</summary>
    public static T Read<T>(SourceObject filter, T comparison)
        where T : ComparisonSpec
    {
        RequireType(filter, "numeric");
        string op = filter.Text("operator");
        switch (op)
        {
            case "equals":
                comparison.Eq = filter.Number("value");
                break;
            case "not-equals":
                comparison.Ne = filter.Number("value");
                break;
            case "greater-than":
                comparison.Gt = filter.Number("value");
                break;
            case "greater-than-or-equal":
                comparison.Gte = filter.Number("value");
                break;
            case "less-than":
                comparison.Lt = filter.Number("value");
                break;
            case "less-than-or-equal":
                comparison.Lte = filter.Number("value");
                break;
            case "between" when filter.Number("start") <= filter.Number("end"):
                comparison.Between = [filter.Number("start"), filter.Number("end")];
                break;
            default:
                throw filter.NotKnown("operator", op);
        }
        return comparison;
    }

    /// <summary>Of a number of occurrences: it asks for one or more.</summary>
    public static bool IsAtLeastOnce(ComparisonSpec count) => count is { Gte: 1 } or { Gt: >= 0 and < 1 } or { Ne: 0 };

    /// <summary>Of a number of occurrences: it asks for none.</summary>
    public static bool IsNever(ComparisonSpec count) => count is { Eq: 0 } or { Lt: > 0 and <= 1 } or { Lte: >= 0 and < 1 };

    public static void RequireType(SourceObject filter, string wanted)
    {
        if (filter.Text("type") is var type && type != wanted)
            throw filter.NotKnown("type", type, $"not a filter for this; expected {wanted}");
    }
}
