namespace Kubernetes.Model;

/// <summary>A sentence for <c>kubectl explain</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property | AttributeTargets.Enum)]
public sealed class DescriptionAttribute(string description) : Attribute
{
    public string Description { get; } = description;
}

/// <summary>The field must be present.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredAttribute : Attribute;

/// <summary>A regular expression that the whole string or a part of it must match, as the expression says.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string pattern) : Attribute
{
    public string Pattern { get; } = pattern;
}

/// <summary>Bounds of a string's length in code points, both inclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LengthAttribute(long maximum, long minimum = 0) : Attribute
{
    public long Maximum { get; } = maximum;

    public long Minimum { get; } = minimum;
}

/// <summary>Bounds of a list's or map's size, both inclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsAttribute(long maximum, long minimum = 0) : Attribute
{
    public long Maximum { get; } = maximum;

    public long Minimum { get; } = minimum;
}

/// <summary>Bounds of each string in a list of strings, or of each value in a map, both inclusive.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemLengthAttribute(long maximum, long minimum = 0) : Attribute
{
    public long Maximum { get; } = maximum;

    public long Minimum { get; } = minimum;
}

/// <summary>Inclusive lower bound of a number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeMinimumAttribute(double minimum) : Attribute
{
    public double Minimum { get; } = minimum;
}

/// <summary>Inclusive upper bound of a number.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RangeMaximumAttribute(double maximum) : Attribute
{
    public double Maximum { get; } = maximum;
}

/// <summary>The value that the API server fills in, as JSON.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultAttribute(string json) : Attribute
{
    public string Json { get; } = json;
}

/// <summary>A list of maps that server-side apply merges by these keys.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapKeysAttribute(params string[] keys) : Attribute
{
    public IReadOnlyList<string> Keys { get; } = keys;
}

/// <summary>A CEL rule (<c>x-kubernetes-validations</c>) and the sentence that the API server answers when it fails.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ValidationRuleAttribute(string rule, string message) : Attribute
{
    public string Rule { get; } = rule;

    public string Message { get; } = message;
}
