using System.Text.RegularExpressions;

namespace Segmentation;

/// <summary>How a property is tested. The operands' types say which values it is for.</summary>
public enum PropertyOperator
{
    /// <summary>Equal to the operand, which may be of any kind; a list equals a list with the same texts in the same order.</summary>
    Eq,

    /// <summary>Of the operand's kind and not equal to it.</summary>
    Ne,

    /// <summary>Equal to one of the operands.</summary>
    In,

    /// <summary>Of the kind of one of the operands and equal to none.</summary>
    NotIn,

    /// <summary>A number above the operand.</summary>
    Gt,

    /// <summary>A number not below the operand.</summary>
    Gte,

    /// <summary>A number below the operand.</summary>
    Lt,

    /// <summary>A number not above the operand.</summary>
    Lte,

    /// <summary>A number from the first operand to the second, both inclusive.</summary>
    Between,

    /// <summary>A text with the operand somewhere in it, or a list with an element equal to the operand.</summary>
    Contains,

    /// <summary>A text that begins with the operand.</summary>
    StartsWith,

    /// <summary>A text that ends with the operand.</summary>
    EndsWith,

    /// <summary>A text in which the regular expression finds a match; anchor it with ^ and $ to match the whole text.</summary>
    Matches,

    /// <summary>With the operand true: the property is there, whatever its kind and value. With false: it is missing.</summary>
    Exists,
}

/// <summary>What a predicate answers for a profile or event that lacks the property.</summary>
public enum OnMissing
{
    /// <summary>A missing property satisfies nothing, the negative operators included.</summary>
    Exclude,

    /// <summary>A missing property satisfies the predicate.</summary>
    Include,
}

/// <summary>
/// A test of one property. A value whose kind the operator or its operands do not speak of is treated as missing: the text "5" is not the
/// number 5, and neither equal nor unequal to it. The empty text is a value like any other. Texts are compared ordinally and
/// case-sensitively, numbers by value.
/// </summary>
public sealed class PropertyPredicate
{
    /// <summary>The longest regular expression, in UTF-16 characters, inclusive.</summary>
    public const int MaxPatternLength = 256;

    private readonly PropertyValue[] operands;
    private readonly Regex? pattern;
    private readonly bool whenMissing;

    /// <summary>Throws <see cref="ArgumentException"/>, saying what to mend, when the operands do not fit the operator.</summary>
    /// <param name="name">The property.</param>
    /// <param name="op">The test.</param>
    /// <param name="operands">Two numbers for between, one or more values for in and notIn, one value for the rest.</param>
    /// <param name="onMissing">The answer for a missing property; not for exists, which asks exactly that.</param>
    public PropertyPredicate(string name, PropertyOperator op, IReadOnlyList<PropertyValue> operands, OnMissing onMissing = OnMissing.Exclude)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(operands);
        PropertyOperands.Require(op, operands, onMissing);
        Name = name;
        Operator = op;
        this.operands = [.. operands];
        OnMissing = onMissing;
        whenMissing = op == PropertyOperator.Exists ? !operands[0].Boolean : onMissing == OnMissing.Include;
        pattern = op == PropertyOperator.Matches ? PropertyOperands.Pattern(operands[0].Text) : null;
    }

    public string Name { get; }

    public PropertyOperator Operator { get; }

    public IReadOnlyList<PropertyValue> Operands => operands;

    public OnMissing OnMissing { get; }

    /// <summary>Whether the bag satisfies the predicate.</summary>
    public bool Holds(PropertyBag bag) =>
        bag.TryGetValue(Name, out var value) ? Test(value) ?? whenMissing : whenMissing;

    /// <summary>Such as <c>country in DE, AT</c>. The operands are the definition's, not a person's.</summary>
    public override string ToString()
    {
        var word = Operator.ToString();
        return $"{Name} {char.ToLowerInvariant(word[0])}{word[1..]} {string.Join(", ", operands)}{(OnMissing == OnMissing.Include ? " or missing" : "")}";
    }

    // Null: a kind that the predicate does not speak of.
    private bool? Test(PropertyValue value) => Operator switch
    {
        PropertyOperator.Exists => operands[0].Boolean,
        PropertyOperator.Eq or PropertyOperator.In => IsOneOf(value),
        PropertyOperator.Ne or PropertyOperator.NotIn => !IsOneOf(value),
        PropertyOperator.Contains when value.Kind == PropertyKind.TextList => value.TextList.Contains(operands[0].Text),
        PropertyOperator.Contains or PropertyOperator.StartsWith or PropertyOperator.EndsWith or PropertyOperator.Matches =>
            value.Kind == PropertyKind.Text ? TestText(value.Text) : null,
        _ => value.Kind == PropertyKind.Number ? TestNumber(value.Number) : null,
    };

    private bool? IsOneOf(PropertyValue value)
    {
        bool? answer = null;
        foreach (var operand in operands)
        {
            if (operand.Kind != value.Kind)
                continue;
            if (operand == value)
                return true;
            answer = false;
        }

        return answer;
    }

    private bool TestText(string text) => Operator switch
    {
        PropertyOperator.Contains => text.Contains(operands[0].Text, StringComparison.Ordinal),
        PropertyOperator.StartsWith => text.StartsWith(operands[0].Text, StringComparison.Ordinal),
        PropertyOperator.EndsWith => text.EndsWith(operands[0].Text, StringComparison.Ordinal),
        _ => pattern!.IsMatch(text),
    };

    private bool TestNumber(decimal number) => Operator switch
    {
        PropertyOperator.Gt => number > operands[0].Number,
        PropertyOperator.Gte => number >= operands[0].Number,
        PropertyOperator.Lt => number < operands[0].Number,
        PropertyOperator.Lte => number <= operands[0].Number,
        _ => number >= operands[0].Number && number <= operands[1].Number,
    };
}
