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

    /// <summary>A text without the operand anywhere in it, or a list without an element equal to the operand.</summary>
    NotContains,

    /// <summary>A text that does not begin with the operand.</summary>
    NotStartsWith,

    /// <summary>A text that does not end with the operand.</summary>
    NotEndsWith,

    /// <summary>A text in which the regular expression finds no match.</summary>
    NotMatches,

    /// <summary>A list that has at least one of the operands as an element.</summary>
    ContainsAny,

    /// <summary>A list that has every operand as an element.</summary>
    ContainsAll,

    /// <summary>A list that has no operand as an element.</summary>
    ContainsNone,

    /// <summary>A list whose number of elements satisfies the comparison.</summary>
    Length,

    /// <summary>A date earlier than the operand, a number of milliseconds since the Unix epoch.</summary>
    Before,

    /// <summary>A date later than the operand, a number of milliseconds since the Unix epoch.</summary>
    After,

    /// <summary>A date whose day lies in that month, 1 to 12.</summary>
    Month,

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
