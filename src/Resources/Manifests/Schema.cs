using System.Text.Json.Nodes;

namespace Segmentation.Resources.Manifests;

/// <summary>
/// A structural OpenAPI v3 schema as CRDs have it. The same tree is written into the CRDs and checks files before they reach a server, so
/// that both refuse the same things.
/// </summary>
internal sealed record Schema
{
    /// <summary>object, array, string, integer, number or boolean; null for "integer or string".</summary>
    public string? Type { get; init; }

    public string? Format { get; init; }

    public string? Description { get; init; }

    public JsonNode? Default { get; init; }

    public IReadOnlyList<string> Enum { get; init; } = [];

    public string? Pattern { get; init; }

    /// <summary>
    /// Bounds of a string's length, a list's size or the number of fields of an object that is open; inclusive.
    /// </summary>
    public long? SizeMaximum { get; init; }

    public long? SizeMinimum { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public Schema? Items { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>By field name, in ordinal order; null for anything but an object.</summary>
    public IReadOnlyDictionary<string, Schema>? Properties { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public IReadOnlyList<SchemaRule> Rules { get; init; } = [];

    /// <summary>Fields that the type has but that would nest too deeply here.</summary>
    public IReadOnlyList<string> TooDeepFields { get; init; } = [];

    /// <summary>How many levels of groups the type allows; 0 where it does not nest.</summary>
    public int NestingLevels { get; init; }

    /// <summary>Whether a field that is not among the properties is an operator that does not exist.</summary>
    public bool HasOperators { get; init; }

    /// <summary>Whether the CRD leaves the object's fields open, so that only <see cref="SchemaCheck"/> looks at them.</summary>
    public bool IsOpen { get; init; }

    public bool IsIntegerOrString => Type is null;

    /// <summary>The same object with another schema for one of its fields.</summary>
    public Schema With(string field, Schema schema) =>
        this with { Properties = new SortedDictionary<string, Schema>(new Dictionary<string, Schema>(Properties!) { [field] = schema }, StringComparer.Ordinal) };
}

/// <summary>A CEL rule and what the API server answers when it is broken.</summary>
internal sealed record SchemaRule(string Rule, string Message);
