using System.Text.Json.Nodes;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// Finds where JSON departs from a schema: what an API server would refuse, in words that say how to mend it. It looks no deeper than the
/// schema goes, so that what a stranger wrote costs no more than reading it.
/// </summary>
/// <param name="report">Takes up what is wrong, in the order of the text.</param>
/// <param name="objection">What else speaks against the scalar at a path, if anything; it goes first.</param>
internal sealed class SchemaCheck(Action<SpecProblem> report, Func<string, string?>? objection = null)
{
    /// <param name="value">Null counts as a field that was left out.</param>
    /// <param name="schema">What it should be.</param>
    /// <param name="path">Where it stands; empty for a whole object.</param>
    public void Check(JsonNode? value, Schema schema, string path)
    {
        switch (value)
        {
            case JsonObject map:
                Map(map, schema, path);
                break;
            case JsonArray list:
                List(list, schema, path);
                break;
            case JsonValue scalar:
                if ((objection?.Invoke(path) ?? ScalarCheck.Problem(schema, scalar)) is { } problem)
                    Invalid(path, problem);
                break;
        }
    }

    /// <summary>What is said of a group inside as many groups as may nest.</summary>
    public static string TooDeep(int levels) =>
        $"groups nest at most {levels} deep; move this group into a Segment of its own and refer to it with segment: {{name: …}}";

    private void Map(JsonObject map, Schema schema, string path)
    {
        if (schema.Type != "object")
        {
            Invalid(path, $"expected {ScalarCheck.Expected(schema)}, found fields");
            return;
        }

        if (schema.Properties is not { } known)
            return;
        foreach (var (name, value) in map)
        {
            var at = FieldPath.Field(path, name);
            if (known.TryGetValue(name, out var property))
                Check(value, property, at);
            else
                report(Unknown(name, schema, at));
        }

        foreach (var missing in schema.Required.Where(required => map[required] is null))
            Invalid(FieldPath.Field(path, missing), "is required");
    }

    private void List(JsonArray list, Schema schema, string path)
    {
        if (schema.Type != "array")
        {
            Invalid(path, $"expected {ScalarCheck.Expected(schema)}, found a list");
            return;
        }

        if (ScalarCheck.Size(schema, list.Count, "items") is { } problem)
            Invalid(path, problem);
        for (var i = 0; i < list.Count; i++)
        {
            var at = FieldPath.Item(path, i);
            if (list[i] is null)
                Invalid(at, $"expected {ScalarCheck.Expected(schema.Items!)}, found nothing");
            else
                Check(list[i], schema.Items!, at);
        }
    }

    private static SpecProblem Unknown(string name, Schema schema, string path)
    {
        if (schema.TooDeepFields.Contains(name))
            return new SpecProblem(ProblemReasons.TooDeep, path, TooDeep(schema.NestingLevels));
        var cure = NearestName.Of(name, schema.Properties!.Keys) is { } nearest
            ? $"did you mean {nearest}?"
            : $"known are {OneOfRules.Listed([.. schema.Properties.Keys], "and")}";
        return new SpecProblem(schema.HasOperators ? ProblemReasons.UnknownOperator : ProblemReasons.InvalidSpec, path, $"unknown field; {cure}");
    }

    private void Invalid(string path, string message) => report(new SpecProblem(ProblemReasons.InvalidSpec, path, message));
}
