using System.Text.Json;
using Segmentation.Cli.Output;

namespace Segmentation.Cli.Offline;

/// <summary>Says who is in which segment.</summary>
internal static class EvaluationReport
{
    /// <summary>One object for one segment, else a list of them.</summary>
    public static void WriteJson(Terminal terminal, IReadOnlyList<SegmentMembers> segments, long asOfMs, bool withIds) =>
        JsonOutput.Write(terminal.Output, json =>
        {
            if (segments.Count != 1)
                json.WriteStartArray();
            foreach (SegmentMembers segment in segments)
                Write(json, segment, asOfMs, withIds);
            if (segments.Count != 1)
                json.WriteEndArray();
        });

    /// <summary>A row for each segment or, with ids, for each member.</summary>
    public static void WriteTable(Terminal terminal, IReadOnlyList<SegmentMembers> segments, long asOfMs, bool withIds)
    {
        TextTable table = withIds ? new TextTable("SEGMENT", "PROFILE") : new TextTable("SEGMENT", "MEMBERS", "AS-OF");
        foreach (SegmentMembers segment in segments)
        {
            if (!withIds)
                table.Add(segment.Segment, $"{segment.Ids.Count}", Rfc3339.Format(asOfMs));
            foreach (string id in withIds ? segment.Ids : [])
                table.Add(segment.Segment, id);
        }
        table.WriteTo(terminal.Out);
    }

    private static void Write(Utf8JsonWriter json, SegmentMembers segment, long asOfMs, bool withIds)
    {
        json.WriteStartObject();
        json.WriteString("segment", segment.Segment);
        json.WriteString("asOf", Rfc3339.Format(asOfMs));
        json.WriteNumber("members", segment.Ids.Count);
        if (withIds)
        {
            json.WriteStartArray("ids");
            foreach (string id in segment.Ids)
                json.WriteStringValue(id);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
