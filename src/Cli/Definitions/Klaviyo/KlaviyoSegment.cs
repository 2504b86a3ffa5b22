using System.Text.Json;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>One segment of the source, before its conditions are looked at.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Id">Null when it has none.</param>
/// <param name="Title">Null when it has none.</param>
/// <param name="Definition">Null when it cannot be found; then a finding says why.</param>
/// <param name="Findings">About its other fields.</param>
internal sealed record KlaviyoSegment(string Path, string? Id, string? Title, SourceObject? Definition, IReadOnlyList<Finding> Findings)
{
    public static KlaviyoSegment Read(JsonElement json, string path)
    {
        var findings = new List<Finding>();
        string? id = null;
        string? title = null;
        try
        {
            SourceObject resource = SourceObject.Of(json, path);
            if (resource.Has("condition_groups"))
                return new KlaviyoSegment(path, null, null, resource, []);
            id = resource.TextOrNull("id");
            SourceObject attributes = resource.ObjectOrNull("attributes") ?? resource;
            title = attributes.TextOrNull("name");
            if (resource.TextOrNull("type") is { } type and not "segment")
                throw resource.Lost("type", $"this {type}", "not a segment", "import segments only");
            SourceObject definition = attributes.ObjectOrNull("definition") ?? throw attributes.Lost(
                "definition", "the definition", "missing", "ask the API for it: fields[segment]=name,definition");
            CheckOthers(resource, attributes, findings);
            return new KlaviyoSegment(path, id, title, definition, findings);
        }
        catch (NotCarriedOverException lost)
        {
            findings.Add(lost.Finding);
            return new KlaviyoSegment(path, id, title, null, findings);
        }
    }

    private static void CheckOthers(SourceObject resource, SourceObject attributes, List<Finding> findings)
    {
        resource.Ignore("relationships", "links");
        attributes.Ignore("created", "updated", "is_processing", "is_starred", "profile_count", "tags");
        if (attributes.FlagOrNull("is_active") == false)
        {
            findings.Add(new Finding(
                FindingKind.Check, attributes.At("is_active"), "this segment", "inactive in Klaviyo, where its members stay as they are; here they are kept current",
                "leave it out, or set spec.suspend"));
        }
        foreach ((SourceObject owner, string field) in Unread(resource).Concat(attributes == resource ? [] : Unread(attributes)))
            findings.Add(new Finding(FindingKind.Check, owner.At(field), $"field {field}", "not known here", "see whether it matters"));
    }

    private static IEnumerable<(SourceObject Owner, string Field)> Unread(SourceObject owner) => owner.Unread().Select(field => (owner, field));
}
