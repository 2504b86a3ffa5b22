using System.Text.Json;
using Kubernetes.Model;
using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>
/// Turns segments of Klaviyo's API into Segments. Nothing is passed over: a condition that cannot be said here, or that the importer does
/// not know, is a
/// finding, and its segment is not written unless a part is asked for.
/// </summary>
internal sealed class KlaviyoImporter(KlaviyoSettings settings, string? name, string? namespaceName, bool partial)
{
    private const int DisplayNameLengthMax = 128;

    private readonly Dictionary<string, string> _namesInFile = new(StringComparer.Ordinal);

    /// <exception cref="CliException">There is no segment in it, or several and one name.</exception>
    public ImportedDefinitions Import(JsonElement root)
    {
        var findings = new List<Finding>();
        IReadOnlyList<KlaviyoSegment> segments = KlaviyoFile.Segments(root, findings);
        if (name is not null && segments.Count > 1)
            throw CliException.BadInput(
                $"--name: the file holds {segments.Count:N0} segments", "leave --name out: each is named after its name in Klaviyo");
        string[] names = Names(segments);
        var imported = new List<ImportedSegment>(segments.Count);
        for (int i = 0; i < segments.Count; i++)
            imported.Add(Import(segments[i], names[i]));
        return new ImportedDefinitions(imported.ConvertAll(segment => WithMissing(segment, imported, names)), findings);
    }

    // A reference to a segment of the file that is not written itself leads nowhere.
    private static ImportedSegment WithMissing(ImportedSegment segment, List<ImportedSegment> all, string[] names)
    {
        if (segment.Resource is null)
            return segment;
        Finding[] missing =
        [
            .. Mentioned(segment.Resource.Spec.Match).Distinct().Where(name => Array.IndexOf(names, name) is >= 0 and var i && all[i].Resource is null)
                .Select(name => new Finding(
                    FindingKind.Check, segment.Path, $"Segment {name}, which this one refers to", "not written", "write it by hand, or take the reference out")),
        ];
        return missing.Length == 0 ? segment : segment with { Findings = [.. segment.Findings, .. missing] };
    }

    private static IEnumerable<string> Mentioned(ConditionSpec condition) => condition.Segment is { } segment
        ? [segment.Name]
        : (condition.All ?? condition.Any ?? condition.None ?? []).SelectMany(Mentioned);

    // Before the first segment is translated, for any may refer to any.
    private string[] Names(IReadOnlyList<KlaviyoSegment> segments)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[segments.Count];
        for (int i = 0; i < names.Length; i++)
        {
            (string? id, string? title) = (segments[i].Id, segments[i].Title);
            string wanted = name ?? (id is null ? null : settings.Groups.Find(id)) ?? ResourceName.From(title ?? "")
                ?? (ResourceName.From(id ?? "") is { } made ? "klaviyo-" + made : "klaviyo-segment");
            names[i] = ResourceName.Unique(wanted, taken);
            if (id is not null)
                _namesInFile.TryAdd(id, names[i]);
        }
        return names;
    }

    private ImportedSegment Import(KlaviyoSegment source, string segmentName)
    {
        var findings = new List<Finding>(source.Findings);
        string? displayName = source.Title;
        if (displayName?.Length > DisplayNameLengthMax)
        {
            findings.Add(new Finding(
                FindingKind.Check, source.Path, "the segment's name", $"cut to {DisplayNameLengthMax} characters", "choose a shorter spec.displayName"));
            displayName = displayName[..DisplayNameLengthMax];
        }
        ConditionSpec? match = source.Definition is null ? null : Match(source.Definition, findings);
        bool isLost = findings.Any(finding => finding.Kind == FindingKind.Lost);
        if (match is null || (isLost && !partial))
            return new ImportedSegment(source.Path, source.Id, source.Title, null, findings);
        var resource = new Segment
        {
            ApiVersion = SegmentationApi.GroupVersion,
            Kind = nameof(Segment),
            Metadata = new ObjectMeta { Name = segmentName, Namespace = namespaceName },
            Spec = new SegmentSpec { DisplayName = displayName, Match = match },
        };
        return new ImportedSegment(source.Path, source.Id, source.Title, resource, findings);
    }

    // Null when nothing is left of it; then a finding says why.
    private ConditionSpec? Match(SourceObject definition, List<Finding> findings)
    {
        var groups = new List<IReadOnlyList<IReadOnlyList<ConditionSpec>>>();
        try
        {
            IReadOnlyList<SourceObject> sources = definition.Objects("condition_groups");
            if (sources.Count == 0)
                throw definition.Lost("condition_groups", "the definition", "without a condition", "write the Segment by hand");
            if (definition.Unread() is [var unknown, ..])
                throw new NotCarriedOverException(
                    definition.At(unknown), $"field {unknown}", "not known here, and may change what the rest means");
            foreach (SourceObject source in sources)
            {
                if (Group(source, findings) is { Count: > 0 } group)
                    groups.Add(group);
            }
        }
        catch (NotCarriedOverException lost)
        {
            findings.Add(lost.Finding);
            return null;
        }
        if (groups.Count == 0)
            return null;
        ConditionSpec? match = MatchBuilder.Build(groups);
        if (match is null)
        {
            findings.Add(new Finding(
                FindingKind.Lost, definition.Path, "the definition", "has more conditions than a match can hold", "split it into segments that refer to one another"));
        }
        return match;
    }

    private List<IReadOnlyList<ConditionSpec>> Group(SourceObject source, List<Finding> findings)
    {
        var translated = new List<IReadOnlyList<ConditionSpec>>();
        try
        {
            foreach ((JsonElement json, string path) in source.Elements("conditions"))
            {
                if (Condition(json, path, findings) is { } conditions)
                    translated.Add(conditions);
            }
            if (source.Unread() is [var unknown, ..])
                throw new NotCarriedOverException(
                    source.At(unknown), $"field {unknown}", "not known here, and may change what the group means");
            if (!source.Elements("conditions").Any())
                throw source.Lost("conditions", "the group", "without a condition", "see what it asks for in Klaviyo");
            return translated;
        }
        catch (NotCarriedOverException lost)
        {
            findings.Add(lost.Finding);
            return [];
        }
    }

    private IReadOnlyList<ConditionSpec>? Condition(JsonElement json, string path, List<Finding> findings)
    {
        var scope = new ImportScope(settings, _namesInFile);
        try
        {
            SourceObject source = SourceObject.Of(json, path);
            IReadOnlyList<ConditionSpec> conditions = ConditionTranslator.Translate(source, scope);
            source.Close();
            findings.AddRange(scope.TakeChecks());
            return conditions;
        }
        catch (NotCarriedOverException lost)
        {
            findings.Add(lost.Finding);
            return null;
        }
    }
}
