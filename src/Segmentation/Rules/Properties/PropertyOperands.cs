using System.Text.RegularExpressions;

namespace Segmentation;

/// <summary>Which operands each <see cref="PropertyOperator"/> takes.</summary>
internal static class PropertyOperands
{
    private const int MostAlternatives = 1000;

    public static void Require(PropertyOperator op, IReadOnlyList<PropertyValue> operands, OnMissing onMissing)
    {
        RequireNumber(op, operands.Count);
        var kind = KindOf(op);
        if (kind is not null && operands.Any(operand => operand.Kind != kind))
            throw new ArgumentException($"{Word(op)} takes a {kind.ToString()!.ToLowerInvariant()} as its operand.", nameof(operands));
        if (op is PropertyOperator.In or PropertyOperator.NotIn && operands.Any(static o => o.Kind == PropertyKind.TextList))
            throw new ArgumentException($"{Word(op)} takes texts, numbers and booleans, not lists of them.", nameof(operands));
        if (op == PropertyOperator.Between && operands[0].Number > operands[1].Number)
            throw new ArgumentException("between needs its lower bound first.", nameof(operands));
        if (op is PropertyOperator.Before or PropertyOperator.After && !PropertyDate.IsInRange(operands[0].Number))
            throw new ArgumentException($"{Word(op)} takes an instant of the years 1 to 9999 in milliseconds since the Unix epoch.", nameof(operands));
        if (op == PropertyOperator.Month && !(operands[0].Number is >= 1 and <= 12 && decimal.IsInteger(operands[0].Number)))
            throw new ArgumentException("month takes a month, 1 to 12.", nameof(operands));
        if (op == PropertyOperator.Exists && onMissing == OnMissing.Include)
            throw new ArgumentException("exists asks for absence itself: write exists: false and no onMissing.", nameof(onMissing));
    }

    /// <summary>
    /// Matching takes time linear in the text. What a linear matcher cannot do, such as a back reference, is an <see cref="ArgumentException"/>.
    /// </summary>
    public static Regex Pattern(string pattern)
    {
        if (pattern.Length > PropertyPredicate.MaxPatternLength)
        {
            throw new ArgumentException(
                $"A regular expression may have at most {PropertyPredicate.MaxPatternLength} characters; this one has {pattern.Length}.", nameof(pattern));
        }

        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(
                "The regular expression uses what takes more than linear time: leave out look-arounds, back references and atomic groups, "
                + "and keep repetition counts small.", nameof(pattern), e);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"The regular expression does not parse: {e.Message}", nameof(pattern), e);
        }
    }

    /// <summary>The operator as written in a spec.</summary>
    public static string Word(PropertyOperator op)
    {
        var name = op.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static void RequireNumber(PropertyOperator op, int count)
    {
        if (op == PropertyOperator.Length)
            throw new ArgumentException("length takes a comparison; use the constructor that has one.", nameof(op));
        var (least, most) = op switch
        {
            PropertyOperator.Between => (2, 2),
            PropertyOperator.In or PropertyOperator.NotIn or PropertyOperator.ContainsAny or PropertyOperator.ContainsAll
                or PropertyOperator.ContainsNone => (1, MostAlternatives),
            _ => (1, 1),
        };
        if (count < least || count > most)
            throw new ArgumentException($"{Word(op)} takes {(least == most ? $"{least}" : $"{least} to {most}")} operands, not {count}.", nameof(count));
    }

    private static PropertyKind? KindOf(PropertyOperator op) => op switch
    {
        PropertyOperator.Eq or PropertyOperator.Ne or PropertyOperator.In or PropertyOperator.NotIn => null,
        PropertyOperator.Gt or PropertyOperator.Gte or PropertyOperator.Lt or PropertyOperator.Lte or PropertyOperator.Between
            or PropertyOperator.Before or PropertyOperator.After or PropertyOperator.Month => PropertyKind.Number,
        PropertyOperator.Exists => PropertyKind.Boolean,
        _ => PropertyKind.Text,
    };
}
