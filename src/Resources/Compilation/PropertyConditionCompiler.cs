namespace Segmentation.Resources;

/// <summary>Turns the condition on a property of the profile into the engine's rule.</summary>
internal static class PropertyConditionCompiler
{
    private static readonly string[] Names = [.. PropertyCompiler.Names, .. DatePropertyCompiler.Names];

    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(PropertyConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.RequireText(spec.Name, path + ".name", "country");
        var moving = DatePropertyCompiler.Given(spec).ToList();
        var given = PropertyCompiler.Given(spec).Concat(moving).ToList();
        if (moving.Count == 0 || given.Count > 1)
            return PropertyCompiler.Compile(spec.Name, spec, given, Names, path, scope) is { } predicate ? Held(predicate, spec.For, path, scope) : null;
        if (spec.For is not null)
        {
            scope.Problems.Invalid(path + ".for", $"goes with operators that time alone does not change, and {moving[0]} is not one; leave for out");
            return null;
        }

        return DatePropertyCompiler.Compile(spec, moving[0], path, scope) is { } condition && spec.Name.Length > 0
            ? new DatePropertyRule(spec.Name, condition, scope.Calendar, PropertyCompiler.OnMissingOf(spec))
            : null;
    }

    private static Rule? Held(PropertyPredicate predicate, string? time, string path, SegmentScope scope)
    {
        if (time is null)
            return new PropertyRule(predicate);
        return scope.Problems.Duration(time, path + ".for") is { } ms ? new HeldPropertyRule(predicate, ms) : null;
    }
}
