namespace Segmentation;

/// <summary>What is made of the occurrences that count.</summary>
public enum Aggregate
{
    /// <summary>How many there are; none is 0.</summary>
    Count,

    /// <summary>The sum of their amounts; of none it is 0.</summary>
    Sum,

    /// <summary>The mean of their amounts. Of none there is no value, and no comparison holds.</summary>
    Average,

    /// <summary>The smallest amount. Of none there is no value, and no comparison holds.</summary>
    Minimum,

    /// <summary>The largest amount. Of none there is no value, and no comparison holds.</summary>
    Maximum,

    /// <summary>How many different values there are; of none it is 0. Each text of a list is a value.</summary>
    Distinct,

    /// <summary>
    /// The amount of the earliest that has one, of several at one instant of the one with the ordinally smallest id. Of none there is no
    /// value, and no comparison holds.
    /// </summary>
    First,

    /// <summary>
    /// The amount of the latest that has one, of several at one instant of the one with the ordinally largest id. Of none there is no
    /// value, and no comparison holds.
    /// </summary>
    Last,
}
