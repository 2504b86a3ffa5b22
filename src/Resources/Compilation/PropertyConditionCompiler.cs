namespace Segmentation.Resources;

/// <summary>Turns the condition on a property of the profile into the engine's rule.</summary>
internal static class PropertyConditionCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(PropertyConditionSpec spec, string path, SegmentScope scope)
    {
        scope.Problems.RequireText(spec.Name, path + ".name", "country");
        return PropertyCompiler.Compile(spec.Name, spec, path, scope.Problems) is { } predicate ? new PropertyRule(predicate) : null;
    }
}
