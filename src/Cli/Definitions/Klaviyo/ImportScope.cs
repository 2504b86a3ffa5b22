namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>What a person says about the workspace that Klaviyo's definitions come to.</summary>
/// <param name="Metrics">Event names by metric id.</param>
/// <param name="Groups">Segment names by the id of a list or segment.</param>
/// <param name="Places">Coordinates by postal code.</param>
/// <param name="Policy">The RfmPolicy whose model predicts.</param>
/// <param name="OrderEvent">The event that Klaviyo's order statistics are about.</param>
internal sealed record KlaviyoSettings(KlaviyoNames Metrics, KlaviyoNames Groups, PostalCodes Places, string Policy, string OrderEvent);

/// <summary>What one condition is translated with, and what there is to check about it.</summary>
/// <param name="settings">What a person said.</param>
/// <param name="namesInFile">The names that the segments of the file get, by id.</param>
internal sealed class ImportScope(KlaviyoSettings settings, Dictionary<string, string> namesInFile)
{
    private readonly List<Finding> _checks = [];

    public KlaviyoSettings Settings => settings;

    /// <summary>Taken from the scope by the caller when the condition came over.</summary>
    public IReadOnlyList<Finding> TakeChecks()
    {
        Finding[] checks = [.. _checks];
        _checks.Clear();
        return checks;
    }

    /// <summary>Notes something to look at, once.</summary>
    public void Check(string path, string what, string why, string todo)
    {
        var finding = new Finding(FindingKind.Check, path, what, why, todo);
        if (!_checks.Contains(finding))
            _checks.Add(finding);
    }

    /// <summary>The event that a metric's occurrences are stored as.</summary>
    public string EventName(SourceObject source, string field)
    {
        string id = source.Text(field);
        if (settings.Metrics.Find(id) is not { } name)
        {
            if (id.Length is 0 or > EventJson.MaxNameLength)
                throw source.Lost(field, "this metric id", "empty or too long to name an event", "give the metric a name with --metrics");
            Check(source.At(field), $"metric {id}", "no name is known, so the event is named by the id", "give the names with --metrics");
            return id;
        }
        if (settings.Metrics.SharedWith(id) is [_, ..] others)
        {
            Check(
                source.At(field), $"event {name}", $"the metrics {string.Join(", ", others)} have the same name, so their events count, too",
                "tell them apart by names of your own in --metrics");
        }
        return name;
    }

    /// <summary>The Segment that stands for a list or segment.</summary>
    public string SegmentName(string id, string path)
    {
        if ((settings.Groups.Find(id) ?? namesInFile.GetValueOrDefault(id)) is { } name)
        {
            if (!namesInFile.ContainsKey(id) && namesInFile.ContainsValue(name))
            {
                Check(
                    path, $"list or segment {id}", $"a segment of the file has its name, {name}, too, and is the one that is asked",
                    "give one of them another name with --groups");
            }
            return name;
        }
        string made = "klaviyo-" + (ResourceName.From(id) ?? throw new NotCarriedOverException(
            path, $"group \"{id}\"", "no name can be made of this id"));
        Check(path, $"list or segment {id}", $"not in the file, so it is taken as Segment {made}", "apply a Segment of that name, or name another with --groups");
        return made;
    }
}
