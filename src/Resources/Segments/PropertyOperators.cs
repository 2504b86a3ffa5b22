using System.Text.Json.Serialization;
using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// Tests one property: exactly one operator is set. A property that is absent satisfies nothing unless <see cref="OnMissing"/> says
/// otherwise.
/// </summary>
[OneOf(
    "eq", "ne", "in", "notIn", "gt", "gte", "lt", "lte", "between", "contains", "startsWith", "endsWith", "matches", "exists",
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

    [Description("Whether the property is there at all.")]
    public bool? Exists { get; set; }

    [Description("What an absent property means: exclude, the default (the condition does not hold), or include (it holds).")]
    public OnMissingProperty OnMissing { get; set; }
}

/// <summary>A property of the profile.</summary>
public sealed record PropertyConditionSpec : PropertyOperators
{
    [Description("The customer property's name, such as country.")]
    [Required, Length(128, 1), JsonPropertyOrder(-1)]
    public string Name { get; set; } = "";
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
