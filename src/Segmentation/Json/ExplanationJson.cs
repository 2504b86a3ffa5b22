using System.Text.Json;

namespace Segmentation;

/// <summary>Writes explanations, for the HTTP API and the command line alike.</summary>
public static class ExplanationJson
{
    /// <summary>
    /// Writes <c>{"segment":…,"profileId":…,"asOf":…,"matches":…,"nextChange":…,"condition":{…}}</c>; <c>nextChange</c> is absent when time
    /// alone changes nothing. Each condition is <c>{"path":…,"condition":…,"finding":…,"matches":…,"nextChange":…,"conditions":[…]}</c>, its
    /// path being the field in the spec, such as <c>match.all[0].event</c>, with the segment's name in front inside a reference.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="explanation">What to write.</param>
    /// <param name="member">Whether the profile is a member as the operator serves it; null offline.</param>
    /// <param name="joinedAtMs">Since when, in milliseconds since the Unix epoch; null when it is no member.</param>
    public static void Write(Utf8JsonWriter writer, SegmentExplanation explanation, bool? member = null, long? joinedAtMs = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(explanation);
        writer.WriteStartObject();
        writer.WriteString("segment", explanation.Segment);
        writer.WriteString("profileId", explanation.ProfileId);
        writer.WriteString("asOf", Rfc3339.Format(explanation.InstantMs));
        writer.WriteBoolean("matches", explanation.Matches);
        if (member is { } isMember)
            writer.WriteBoolean("member", isMember);
        if (joinedAtMs is { } joined)
            writer.WriteString("joinedAt", Rfc3339.Format(joined));
        WriteNextChange(writer, explanation.NextChangeMs);
        writer.WritePropertyName("condition");
        Write(writer, explanation.Condition, "match." + explanation.Condition.Key);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Explanation explanation, string path)
    {
        writer.WriteStartObject();
        writer.WriteString("path", path);
        writer.WriteString("condition", explanation.Condition);
        writer.WriteString("finding", explanation.Finding);
        writer.WriteBoolean("matches", explanation.Matches);
        WriteNextChange(writer, explanation.NextChangeMs);
        if (explanation.Conditions.Count > 0)
        {
            writer.WriteStartArray("conditions");
            for (var i = 0; i < explanation.Conditions.Count; i++)
            {
                var part = explanation.Conditions[i];
                Write(writer, part, explanation.Reference is { } segment ? $"{segment}: match.{part.Key}" : $"{path}[{i}].{part.Key}");
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteNextChange(Utf8JsonWriter writer, long nextChangeMs)
    {
        if (nextChangeMs <= Evaluation.LatestInstantMs)
            writer.WriteString("nextChange", Rfc3339.Format(nextChangeMs));
    }
}
