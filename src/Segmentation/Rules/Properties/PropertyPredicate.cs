using System.Text.RegularExpressions;

namespace Segmentation;

/// <summary>
/// A test of one property. A value whose kind the operator or its operands do not speak of is treated as missing: the text "5" is not the
/// number 5, and neither equal nor unequal to it. The empty text is a value like any other. Texts are compared ordinally and
/// case-sensitively, numbers by value. Time alone never changes the answer.
/// </summary>
public sealed class PropertyPredicate
{
    /// <summary>The longest regular expression, in UTF-16 characters, inclusive.</summary>
    public const int MaxPatternLength = 256;

    private readonly PropertyValue[] operands;
    private readonly Regex? pattern;
    private readonly HashSet<string>? elements;
    private readonly Comparison length;
    private readonly SegmentCalendar calendar;
    private readonly bool whenMissing;

    /// <summary>Throws <see cref="ArgumentException"/>, saying what to mend, when the operands do not fit the operator.</summary>
    /// <param name="name">The property.</param>
    /// <param name="op">The test.</param>
    /// <param name="operands">
    /// Two numbers for between; one or more values for in and notIn, texts for containsAny, containsAll and containsNone; one value for the
    /// rest. A length has a constructor of its own.
    /// </param>
    /// <param name="onMissing">The answer for a missing property; not for exists, which asks exactly that.</param>
    /// <param name="calendar">Whose days the operators on dates mean; that of UTC when null.</param>
    public PropertyPredicate(
        string name, PropertyOperator op, IReadOnlyList<PropertyValue> operands, OnMissing onMissing = OnMissing.Exclude,
        SegmentCalendar? calendar = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(operands);
        PropertyOperands.Require(op, operands, onMissing);
        Name = name;
        Operator = op;
        this.operands = [.. operands];
        this.calendar = calendar ?? SegmentCalendar.Utc;
        OnMissing = onMissing;
        whenMissing = op == PropertyOperator.Exists ? !operands[0].Boolean : onMissing == OnMissing.Include;
        pattern = op is PropertyOperator.Matches or PropertyOperator.NotMatches ? PropertyOperands.Pattern(operands[0].Text) : null;
        elements = op is PropertyOperator.ContainsAny or PropertyOperator.ContainsAll or PropertyOperator.ContainsNone
            ? operands.Select(static operand => operand.Text).ToHashSet(StringComparer.Ordinal)
            : null;
    }

    /// <summary>A list of so many elements.</summary>
    public PropertyPredicate(string name, Comparison length, OnMissing onMissing = OnMissing.Exclude)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Operator = PropertyOperator.Length;
        operands = [];
        calendar = SegmentCalendar.Utc;
        this.length = length;
        OnMissing = onMissing;
        whenMissing = onMissing == OnMissing.Include;
    }

    public string Name { get; }

    public PropertyOperator Operator { get; }

    public IReadOnlyList<PropertyValue> Operands => operands;

    public OnMissing OnMissing { get; }

    /// <summary>Whether the bag satisfies the predicate.</summary>
    public bool Holds(PropertyBag bag) => bag.TryGetValue(Name, out var value) ? Holds(value) : whenMissing;

    /// <summary>Whether the value satisfies the predicate; null for a missing one.</summary>
    public bool Holds(PropertyValue? value) => value is { } present ? Test(present) ?? whenMissing : whenMissing;

    /// <summary>Such as <c>country in DE, AT</c>. The operands are the definition's, not a person's.</summary>
    public override string ToString()
    {
        var asked = Operator switch
        {
            PropertyOperator.Length => length.ToString(),
            PropertyOperator.Before or PropertyOperator.After => Rfc3339.Format((long)operands[0].Number),
            PropertyOperator.Month => $"{operands[0]} in {calendar.Zone.Id}",
            _ => string.Join(", ", operands),
        };
        return $"{Name} {PropertyOperands.Word(Operator)} {asked}{(OnMissing == OnMissing.Include ? " or missing" : "")}";
    }

    // Null: a kind that the predicate does not speak of.
    private bool? Test(PropertyValue value) => Operator switch
    {
        PropertyOperator.Exists => operands[0].Boolean,
        PropertyOperator.Eq or PropertyOperator.In => IsOneOf(value),
        PropertyOperator.Ne or PropertyOperator.NotIn => !IsOneOf(value),
        PropertyOperator.Contains when value.Kind == PropertyKind.TextList => value.TextList.Contains(operands[0].Text),
        PropertyOperator.NotContains when value.Kind == PropertyKind.TextList => !value.TextList.Contains(operands[0].Text),
        PropertyOperator.Contains or PropertyOperator.StartsWith or PropertyOperator.EndsWith or PropertyOperator.Matches
            or PropertyOperator.NotContains or PropertyOperator.NotStartsWith or PropertyOperator.NotEndsWith or PropertyOperator.NotMatches =>
            value.Kind == PropertyKind.Text ? TestText(value.Text) : null,
        PropertyOperator.ContainsAny or PropertyOperator.ContainsAll or PropertyOperator.ContainsNone or PropertyOperator.Length =>
            value.Kind == PropertyKind.TextList ? TestList(value.TextList) : null,
        PropertyOperator.Before or PropertyOperator.After or PropertyOperator.Month =>
            PropertyDate.TryRead(value, calendar, out var dateMs) ? TestDate(dateMs) : null,
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
        PropertyOperator.Matches => pattern!.IsMatch(text),
        PropertyOperator.NotContains => !text.Contains(operands[0].Text, StringComparison.Ordinal),
        PropertyOperator.NotStartsWith => !text.StartsWith(operands[0].Text, StringComparison.Ordinal),
        PropertyOperator.NotEndsWith => !text.EndsWith(operands[0].Text, StringComparison.Ordinal),
        _ => !pattern!.IsMatch(text),
    };

    private bool TestList(IReadOnlyList<string> list) => Operator switch
    {
        PropertyOperator.Length => length.Holds(list.Count),
        PropertyOperator.ContainsAny => HasOne(list),
        PropertyOperator.ContainsNone => !HasOne(list),
        _ => HasAll(list),
    };

    private bool HasOne(IReadOnlyList<string> list)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (elements!.Contains(list[i]))
                return true;
        }

        return false;
    }

    private bool HasAll(IReadOnlyList<string> list)
    {
        if (elements!.Count > list.Count)
            return false;
        foreach (var element in elements)
        {
            if (!list.Contains(element))
                return false;
        }

        return true;
    }

    private bool TestDate(long dateMs) => Operator switch
    {
        PropertyOperator.Before => dateMs < (long)operands[0].Number,
        PropertyOperator.After => dateMs > (long)operands[0].Number,
        _ => PropertyDate.DayOf(dateMs, calendar).Month == (int)operands[0].Number,
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
