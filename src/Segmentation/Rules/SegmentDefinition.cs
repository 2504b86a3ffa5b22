namespace Segmentation;

/// <summary>
/// A named rule. References to other segments point to definitions that exist already, so a circle cannot be built. Compared by
/// reference: a changed definition is another one.
/// </summary>
public sealed class SegmentDefinition
{
    /// <summary>The longest chain of segments that refer to one another, inclusive, this one counted.</summary>
    public const int MaxDepth = 64;

    /// <summary>Throws <see cref="ArgumentException"/> when the chain of references gets longer than <see cref="MaxDepth"/>.</summary>
    public SegmentDefinition(string name, Rule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rule);
        Name = name;
        Rule = rule;
        Dependencies = RuleDependencies.Of(rule);
        Depth = 1 + Dependencies.Segments.Select(static segment => segment.Depth).DefaultIfEmpty().Max();
        if (Depth > MaxDepth)
            throw new ArgumentException($"Segment {name} refers to others in a chain of {Depth}; at most {MaxDepth} are allowed.", nameof(rule));
    }

    public string Name { get; }

    public Rule Rule { get; }

    /// <summary>What the rule reads, through the segments that it refers to as well.</summary>
    public RuleDependencies Dependencies { get; }

    /// <summary>1 for a segment that refers to no other.</summary>
    public int Depth { get; }
}
