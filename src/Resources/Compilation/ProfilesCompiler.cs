namespace Segmentation.Resources;

/// <summary>Turns the list of ids into the engine's rule.</summary>
internal static class ProfilesCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static ProfilesRule? Compile(ProfilesConditionSpec spec, string path, SegmentScope scope)
    {
        path += ".ids";
        if (spec.Ids.Count is 0 or > ProfilesConditionSpec.IdsMax)
        {
            scope.Problems.Invalid(path, $"takes 1 to {ProfilesConditionSpec.IdsMax} ids; there are {spec.Ids.Count}; set a property on more, and ask for that");
            return null;
        }

        var before = scope.Problems.Count;
        for (var i = 0; i < spec.Ids.Count; i++)
        {
            if (spec.Ids[i].Length is 0 or > EventJson.MaxIdLength)
                scope.Problems.Invalid($"{path}[{i}]", $"an id has 1 to {EventJson.MaxIdLength} characters; this one has {spec.Ids[i].Length}");
        }

        return scope.Problems.Count == before ? new ProfilesRule(spec.Ids) : null;
    }
}
