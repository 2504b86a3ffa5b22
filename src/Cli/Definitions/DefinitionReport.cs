using System.Text;
using System.Text.Json;
using Segmentation.Cli.Output;
using Segmentation.Resources.Manifests;

namespace Segmentation.Cli.Definitions;

/// <summary>Writes what was imported: the Segments for kubectl, and what did not come over for people and programs.</summary>
internal static class DefinitionReport
{
    /// <summary>One YAML document for each Segment; those that lack a part say so in a comment above.</summary>
    public static void WriteYaml(TextWriter output, ImportedDefinitions imported)
    {
        bool isFirst = true;
        foreach (ImportedSegment segment in imported.Segments)
        {
            if (segment.Resource is null)
                continue;
            if (!isFirst)
                output.WriteLine("---");
            isFirst = false;
            foreach (Finding lost in segment.Findings.Where(finding => finding.Kind == FindingKind.Lost))
                output.WriteLine($"# INCOMPLETE: {OneLine(lost.Path)}: {OneLine(lost.What)}: {OneLine(lost.Why)}");
            string yaml = YamlText.Write(SegmentJson.Of(segment.Resource));
            output.Write(yaml.StartsWith("---\n", StringComparison.Ordinal) ? yaml[4..] : yaml);
        }
    }

    /// <summary>A line for each finding, under the segment that it belongs to, and one that sums up.</summary>
    public static void WriteText(TextWriter output, ImportedDefinitions imported, bool partialWasAsked)
    {
        foreach (Finding finding in imported.Findings)
            Write(output, finding);
        foreach (ImportedSegment segment in imported.Segments)
        {
            if (segment.Findings.Count == 0)
                continue;
            string fate = segment.Resource is null ? "not written" : segment.IsIncomplete ? "written without what is lost" : "written";
            output.WriteLine($"{OneLine(segment.Label)}: {fate}");
            foreach (Finding finding in segment.Findings)
                Write(output, finding);
        }
        int written = imported.Segments.Count(segment => segment.Resource is not null);
        int lost = imported.AllFindings.Count(finding => finding.Kind == FindingKind.Lost);
        int check = imported.AllFindings.Count() - lost;
        output.WriteLine($"{written:N0} of {imported.Segments.Count:N0} segments written; {lost:N0} lost, {check:N0} to check");
        if (!partialWasAsked && imported.Segments.Any(segment => segment.Resource is null))
            output.WriteLine("add --partial to write the rest of a segment without the conditions that are lost");
    }

    /// <summary>One object: the segments, each with its Segment and its findings, and the findings about the file.</summary>
    public static void WriteJson(Stream output, ImportedDefinitions imported) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("complete", imported.IsComplete);
        json.WriteStartArray("segments");
        foreach (ImportedSegment segment in imported.Segments)
        {
            json.WriteStartObject();
            json.WriteString("path", segment.Path);
            if (segment.Id is not null)
                json.WriteString("id", segment.Id);
            if (segment.Title is not null)
                json.WriteString("title", segment.Title);
            json.WriteBoolean("complete", !segment.IsIncomplete);
            if (segment.Resource is not null)
            {
                json.WritePropertyName("resource");
                SegmentJson.Of(segment.Resource).WriteTo(json);
            }
            Write(json, segment.Findings);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, imported.Findings);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray("findings");
        foreach (Finding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("kind", Word(finding.Kind));
            json.WriteString("path", finding.Path);
            json.WriteString("what", finding.What);
            json.WriteString("why", finding.Why);
            json.WriteString("todo", finding.Todo);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(TextWriter output, Finding finding) =>
        output.WriteLine($"  {Word(finding.Kind),-5} {OneLine(finding.Path)}: {OneLine(finding.What)}: {OneLine(finding.Why)}; {OneLine(finding.Todo)}");

    private static string Word(FindingKind kind) => kind == FindingKind.Lost ? "lost" : "check";

    // Names and values of the source could otherwise steer a terminal, or end a comment.
    private static string OneLine(string text)
    {
        const int lengthMax = 300;
        var line = new StringBuilder(Math.Min(text.Length, lengthMax));
        foreach (char c in text.Length <= lengthMax ? text : text[..lengthMax] + "…")
            line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        return line.ToString();
    }
}
