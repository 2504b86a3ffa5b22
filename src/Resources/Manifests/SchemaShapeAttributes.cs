namespace Segmentation.Resources.Manifests;

/// <summary>
/// Of the named fields exactly one must be given; with <see cref="Optional"/>, at most one. The CRD writer turns it into a CEL rule over
/// the fields that exist where the object stands (a level that cannot nest further has no groups).
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OneOfAttribute(params string[] fields) : Attribute
{
    /// <summary>Field names as written in YAML.</summary>
    public IReadOnlyList<string> Fields { get; } = fields;

    public bool Optional { get; set; }

    /// <summary>A few words for the message that say what the fields are, such as <c>comparison</c>.</summary>
    public string? Noun { get; set; }

    /// <summary>Whether a field that does not exist here is an operator that does not exist.</summary>
    internal bool AreOperators => Noun is "operator" or "comparison";
}

/// <summary>
/// A type that contains itself. A CRD schema cannot recurse, so the writer unrolls it: objects of the type that lie inside
/// <paramref name="levels"/> others of it lack the fields that would nest once more.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NestingLevelsAttribute(int levels) : Attribute
{
    public int Levels { get; } = levels;

    /// <summary>
    /// How many levels, counted from the outermost object, the CRD spells out; below them the server takes any object, and
    /// <see cref="SchemaCheck"/> says what is wrong with it when the operator reads it. All of them unless set.
    /// </summary>
    public int ServerLevels { get; set; } = levels + 1;
}
