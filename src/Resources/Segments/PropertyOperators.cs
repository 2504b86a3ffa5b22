using System.Text.Json.Serialization;
using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// Tests one property: exactly one operator is set. A property that is absent satisfies nothing unless <see cref="OnMissing"/> says
/// otherwise.
/// </summary>
[OneOf(
    "eq", "ne", "in", "notIn", "gt", "gte", "lt", "lte", "between", "contains", "startsWith", "endsWith", "matches", "notContains",
    "notStartsWith", "notEndsWith", "notMatches", "containsAny", "containsAll", "containsNone", "length", "exists", "before", "after", "month",
    "withinLast", "withinNext", "olderThan", "calendar", "anniversary",
    Noun = "operator")]
public abstract record PropertyOperators
{
    /// <summary>How many operands <c>in</c> and <c>notIn</c> may have.</summary>
    public const int OperandsMax = 256;

    [Description("Equal to this text or number; write fractions and true or false in quotes.")]
    [Length(ScalarValue.LengthMax)]
    public ScalarValue? Eq { get; set; }

    [Description("Present and not equal to this text or number.")]
    [Length(ScalarValue.LengthMax)]
    public ScalarValue? Ne { get; set; }

    [Description("Equal to one of these.")]
    [Items(OperandsMax, 1), ItemLength(ScalarValue.LengthMax)]
    public IReadOnlyList<ScalarValue>? In { get; set; }

    [Description("Present and equal to none of these.")]
    [Items(OperandsMax, 1), ItemLength(ScalarValue.LengthMax)]
    public IReadOnlyList<ScalarValue>? NotIn { get; set; }

    [Description("A number more than this.")]
    public decimal? Gt { get; set; }

    [Description("A number of at least this.")]
    public decimal? Gte { get; set; }

    [Description("A number less than this.")]
    public decimal? Lt { get; set; }

    [Description("A number of at most this.")]
    public decimal? Lte { get; set; }

    [Description("A number from the first to the second, both included.")]
    [Items(2, 2)]
    public IReadOnlyList<decimal>? Between { get; set; }

    [Description("Text that has this in it, or a list that has this as an item.")]
    [Length(ScalarValue.LengthMax, 1)]
    public string? Contains { get; set; }

    [Description("Text that starts so.")]
    [Length(ScalarValue.LengthMax, 1)]
    public string? StartsWith { get; set; }

    [Description("Text that ends so.")]
    [Length(ScalarValue.LengthMax, 1)]
    public string? EndsWith { get; set; }

    [Description("Text that this regular expression finds something in; no look-around, no back-references.")]
    [Length(PropertyPredicate.MaxPatternLength, 1)]
    public string? Matches { get; set; }

    [Description("Text without this in it, or a list without this as an item.")]
    [Length(ScalarValue.LengthMax, 1)]
    public string? NotContains { get; set; }

    [Description("Text that does not start so.")]
    [Length(ScalarValue.LengthMax, 1)]
    public string? NotStartsWith { get; set; }

    [Description("Text that does not end so.")]
    [Length(ScalarValue.LengthMax, 1)]
    public string? NotEndsWith { get; set; }

    [Description("Text that this regular expression finds nothing in.")]
    [Length(PropertyPredicate.MaxPatternLength, 1)]
    public string? NotMatches { get; set; }

    [Description("A list that has at least one of these.")]
    [Items(OperandsMax, 1), ItemLength(ScalarValue.LengthMax)]
    public IReadOnlyList<string>? ContainsAny { get; set; }

    [Description("A list that has every one of these.")]
    [Items(OperandsMax, 1), ItemLength(ScalarValue.LengthMax)]
    public IReadOnlyList<string>? ContainsAll { get; set; }

    [Description("A list that has not one of these.")]
    [Items(OperandsMax, 1), ItemLength(ScalarValue.LengthMax)]
    public IReadOnlyList<string>? ContainsNone { get; set; }

    [Description("A list of so many elements.")]
    public ComparisonSpec? Length { get; set; }

    [Description("Whether the property is there at all.")]
    public bool? Exists { get; set; }

    [Description("A date earlier than this day or instant.")]
    [Pattern(TimeframeSpec.DatePattern), Length(TimeframeSpec.DateLengthMax, 10)]
    public string? Before { get; set; }

    [Description("A date later than this day's start or instant.")]
    [Pattern(TimeframeSpec.DatePattern), Length(TimeframeSpec.DateLengthMax, 10)]
    public string? After { get; set; }

    [Description("A date in this month, 1 to 12.")]
    [RangeMinimum(1), RangeMaximum(12)]
    public int? Month { get; set; }

    [Description("What an absent property means: exclude, the default (the condition does not hold), or include (it holds).")]
    public OnMissingProperty OnMissing { get; set; }
}

/// <summary>A property of the profile.</summary>
public sealed record PropertyConditionSpec : PropertyOperators
{
    [Description("The customer property's name, such as country.")]
    [Required, Length(128, 1), JsonPropertyOrder(-1)]
    public string Name { get; set; } = "";

    [Description("A date in the last such time.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? WithinLast { get; set; }

    [Description("A date in the next such time.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? WithinNext { get; set; }

    [Description("A date at least this long ago.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? OlderThan { get; set; }

    [Description("A date on these days of the calendar: today, this week, next month, next 3 days.")]
    [Pattern(TimeframeSpec.CalendarPattern), Length(TimeframeSpec.CalendarLengthMax, 5)]
    public string? Calendar { get; set; }

    [Description("A date whose day and month come back about now, such as a birthday.")]
    public AnniversarySpec? Anniversary { get; set; }

    [Description("The customer has met this without a break for at least so long.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? For { get; set; }
}

/// <summary>When a date's day and month come back; in days of the segment's time zone.</summary>
[OneOf("withinNext", "withinLast", "calendar", Noun = "span")]
public sealed record AnniversarySpec
{
    public const int DaysMax = 366;

    [Description("In at most so many days; 0 is today.")]
    [RangeMinimum(0), RangeMaximum(DaysMax)]
    public int? WithinNext { get; set; }

    [Description("At most so many days ago; 0 is today.")]
    [RangeMinimum(0), RangeMaximum(DaysMax)]
    public int? WithinLast { get; set; }

    [Description("On these days of the calendar: this month, next week, last 3 days.")]
    [Pattern(TimeframeSpec.CalendarPattern), Length(TimeframeSpec.CalendarLengthMax, 5)]
    public string? Calendar { get; set; }
}

/// <summary>A property of the event.</summary>
public sealed record WhereSpec : PropertyOperators
{
    [Description("The event property's name, such as channel.")]
    [Required, Length(128, 1), JsonPropertyOrder(-1)]
    public string Property { get; set; } = "";
}

/// <summary>What an absent property means to a condition.</summary>
public enum OnMissingProperty
{
    /// <summary>The condition does not hold; the negative ones included.</summary>
    [JsonStringEnumMemberName("exclude")]
    Exclude,

    /// <summary>The condition holds.</summary>
    [JsonStringEnumMemberName("include")]
    Include,
}
