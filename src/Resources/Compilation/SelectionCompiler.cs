namespace Segmentation.Resources;

/// <summary>Turns an event's name and its where into the engine's selection of occurrences.</summary>
internal static class SelectionCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static EventSelection? Compile(string name, string namePath, IReadOnlyList<WhereSpec>? where, string wherePath, SegmentScope scope)
    {
        var before = scope.Problems.Count;
        scope.Problems.RequireText(name, namePath, "placed_order");
        var predicates = Predicates(where, wherePath, scope);
        return scope.Problems.Count == before ? new EventSelection(name, predicates) : null;
    }

    private static List<PropertyPredicate> Predicates(IReadOnlyList<WhereSpec>? where, string path, SegmentScope scope)
    {
        var predicates = new List<PropertyPredicate>();
        if (where is { Count: 0 or > EventConditionSpec.WhereItemsMax })
            scope.Problems.Invalid(path, $"takes 1 to {EventConditionSpec.WhereItemsMax} predicates; there are {where.Count}");
        for (var i = 0; i < (where?.Count ?? 0); i++)
        {
            var at = $"{path}[{i}]";
            scope.Problems.RequireText(where![i].Property, at + ".property", "channel");
            if (PropertyCompiler.Compile(where[i], at, scope) is { } predicate)
                predicates.Add(predicate);
        }

        return predicates;
    }
}
