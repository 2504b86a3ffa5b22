namespace Segmentation;

/// <summary>The type of a <see cref="PropertyValue"/>.</summary>
public enum PropertyKind
{
    /// <summary>A text, the empty one included.</summary>
    Text,

    /// <summary>An exact decimal number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A list of texts, in the order given.</summary>
    TextList,
}
