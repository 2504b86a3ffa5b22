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
        if (moving.Count == 0)
            return PropertyCompiler.Compile(spec.Name, spec, Names, path, scope) is { } predicate ? new PropertyRule(predicate) : null;
        if (!ComparisonCompiler.ExactlyOne([.. PropertyCompiler.Given(spec), .. moving], Names, "operator", path, scope.Problems))
            return null;
        return DatePropertyCompiler.Compile(spec, moving[0], path, scope) is { } condition && spec.Name.Length > 0
            ? new DatePropertyRule(spec.Name, condition, scope.Calendar, PropertyCompiler.OnMissingOf(spec))
            : null;
    }
}
