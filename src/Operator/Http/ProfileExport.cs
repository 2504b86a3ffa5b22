using System.Text.Encodings.Web;
using System.Text.Json;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Http;

/// <summary>
/// <c>GET /v1/{workspace}/profiles/{id}/export</c>: everything that is held of a profile, as one JSON object. It is written page by page, so that
/// neither Redis nor this process ever has more than a page of a long history in hand.
/// </summary>
internal sealed class ProfileExport(RedisConnection redis, EventAppender appender, CatalogStore catalogs, BusinessClock clock)
{
    private const int PageSize = 1_000;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>What writes the export to a stream; null for an id that the workspace has never seen, or has erased.</returns>
    public async Task<Func<Stream, Task>?> PrepareAsync(string workspace, string profileId)
    {
        var partition = PartitionHash.Of(profileId, await appender.PartitionsOfAsync(workspace));
        var store = new PartitionStore(redis, workspace, partition);
        var held = await store.HeldAsync(profileId);
        return held.Stored.Exists || held.Stored.MergedInto is not null ? stream => WriteAsync(stream, workspace, partition, store, held) : null;
    }

    private async Task WriteAsync(Stream stream, string workspace, int partition, PartitionStore store, HeldProfile held)
    {
        await using var json = new Utf8JsonWriter(stream, Readable);
        json.WriteStartObject();
        var head = JsonSerializer.SerializeToElement(ProfileExportHead.Of(held, clock.Now), ApiJson.Plain.ProfileExportHead);
        foreach (var property in head.EnumerateObject()) property.WriteTo(json);

        json.WriteStartArray("outbox");
        foreach (var segment in (await catalogs.ReadAsync(workspace)).Segments.Keys.Order(StringComparer.Ordinal))
            await WriteOutboxAsync(json, new Outbox(redis, workspace, segment), segment, partition, held.Stored.Profile.Id);
        json.WriteEndArray();

        json.WriteStartArray("events");
        foreach (var name in held.EventNames.Order(StringComparer.Ordinal))
        {
            await foreach (var page in store.EventsAsync(held.Stored.Profile.Id, name, PageSize))
            {
                foreach (var e in page) EventJson.Write(json, e);
                await json.FlushAsync();
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task WriteOutboxAsync(Utf8JsonWriter json, Outbox outbox, string segment, int partition, string profileId)
    {
        OutboxEntry[] page;
        var after = "0-0";
        do
        {
            page = await outbox.ReadAsync(partition, after, PageSize);
            if (page.Length > 0) after = page[^1].Id;
            foreach (var (_, change) in page.Where(entry => entry.Change.ProfileId == profileId))
            {
                json.WriteStartObject();
                json.WriteString("segment", segment);
                json.WriteString("action", change.Added ? "added" : "removed");
                json.WriteString("at", Rfc3339.Format(change.AtMs));
                json.WriteString("cause", change.Cause);
                json.WriteEndObject();
            }
            await json.FlushAsync();
        }
        while (page.Length == PageSize);
    }
}
