using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Segmentation.Operator.Http;

namespace Segmentation.Operator.Audiences;

/// <summary>The body of a delivery. The same batch gives the same bytes.</summary>
internal static class WebhookPayload
{
    public const string Type = "audience.members.changed";

    public static ReadOnlyMemory<byte> Write(AudienceBatch batch)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + (128 * batch.Changes.Count));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", Type);
            json.WriteString("timestamp", Instant(batch.AtMs));
            json.WriteStartObject("data");
            json.WriteString("workspace", batch.Workspace);
            json.WriteString("segment", batch.Segment);
            json.WriteString("audienceSync", batch.AudienceSync);
            json.WriteStartArray("changes");
            foreach (var change in batch.Changes)
            {
                json.WriteStartObject();
                json.WriteString("profileId", change.ProfileId);
                json.WriteString("action", change.Added ? "added" : "removed");
                json.WriteString("at", Instant(change.AtMs));
                json.WriteString("cause", change.Cause);
                if (change.Rfm is { } rfm)
                {
                    json.WritePropertyName("rfm");
                    JsonSerializer.Serialize(json, rfm, ApiJson.Plain.RfmItem);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static string Instant(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
