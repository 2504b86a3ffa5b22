using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>Turns the comparison of a number into the engine's.</summary>
internal static class ComparisonCompiler
{
    public static readonly string[] Names = ["eq", "ne", "gt", "gte", "lt", "lte", "between"];

    /// <summary>Null after reporting a problem.</summary>
    public static Comparison? Compile(ComparisonSpec spec, string path, ProblemList problems)
    {
        (string Name, ComparisonOperator Operator, decimal? Operand)[] given =
        [
            .. new[]
            {
                ("eq", ComparisonOperator.Eq, spec.Eq), ("ne", ComparisonOperator.Ne, spec.Ne), ("gt", ComparisonOperator.Gt, spec.Gt),
                ("gte", ComparisonOperator.Gte, spec.Gte), ("lt", ComparisonOperator.Lt, spec.Lt), ("lte", ComparisonOperator.Lte, spec.Lte),
                ("between", ComparisonOperator.Between, spec.Between is null ? default(decimal?) : 0m),
            }.Where(comparison => comparison.Item3 is not null),
        ];
        if (!ExactlyOne([.. given.Select(comparison => comparison.Name)], Names, "comparison", path, problems))
            return null;
        var (name, op, operand) = given[0];
        if (op == ComparisonOperator.Between)
            return Between(spec.Between!, path + ".between", problems) ? Comparison.Between(spec.Between![0], spec.Between[1]) : null;
        return problems.Number(operand!.Value, $"{path}.{name}") ? new Comparison(op, operand.Value) : null;
    }

    /// <summary>Whether these are a lower and an upper bound.</summary>
    public static bool Between(IReadOnlyList<decimal> bounds, string path, ProblemList problems)
    {
        if (bounds.Count != 2)
            problems.Invalid(path, $"takes two numbers, the lower and the upper bound, both included; there are {bounds.Count}");
        else if (bounds[0] > bounds[1])
            problems.Invalid(path, $"the lower bound stands first: write [{bounds[1]}, {bounds[0]}]");
        else
            return problems.Number(bounds[0], path + "[0]") && problems.Number(bounds[1], path + "[1]");
        return false;
    }

    /// <summary>Whether exactly one of the names is given; an operator that a server did not know arrives as none.</summary>
    public static bool ExactlyOne(IReadOnlyList<string> given, IReadOnlyList<string> names, string noun, string path, ProblemList problems)
    {
        if (given.Count == 1)
            return true;
        if (given.Count == 0)
        {
            problems.Add(
                ProblemReasons.UnknownOperator,
                path,
                $"there is no {noun}, or one that does not exist and was dropped; give exactly one of {OneOfRules.Listed(names)}");
        }
        else
        {
            problems.Invalid(path, $"{string.Join(" and ", given)} are given together; keep one, and put the other into a condition of its own");
        }

        return false;
    }
}
