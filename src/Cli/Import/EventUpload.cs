using System.Net;
using System.Text.Json;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Import;

/// <summary>Sends batches to <c>POST /v1/{workspace}/events</c> and reads which events were taken.</summary>
internal sealed class EventUpload(ServerConnection server)
{
    private const string NoSuchWorkspace = "check --workspace, and that the operator watches that namespace";

    /// <exception cref="CliException">The server refused the batch as a whole, or could not be reached.</exception>
    public async Task<BatchOutcome> SendAsync(Batch batch, CancellationToken cancellation)
    {
        var tally = new Tally { Rejected = [.. batch.Unreadable] };
        if (batch.Rows.Count > 0)
            await SendAsync(batch, .., tally, cancellation);
        RejectedRow[] inOrder = [.. tally.Rejected.OrderBy(row => row.Line)];
        return new BatchOutcome(batch.Number, batch.End, tally.Accepted, tally.IgnoredFields, inOrder);
    }

    private async Task SendAsync(Batch batch, Range range, Tally tally, CancellationToken cancellation)
    {
        (int first, int count) = range.GetOffsetAndLength(batch.Rows.Count);
        ServerReply reply = await server.SendAsync(HttpMethod.Post, "events", batch.Body(range), "application/x-ndjson", cancellation);
        if (reply.Status == HttpStatusCode.RequestEntityTooLarge && count > 1)
        {
            int middle = first + (count / 2);
            await SendAsync(batch, first..middle, tally, cancellation);
            await SendAsync(batch, middle..(first + count), tally, cancellation);
        }
        else if (reply.Status == HttpStatusCode.RequestEntityTooLarge)
        {
            BatchRow row = batch.Rows[first];
            tally.Rejected.Add(new RejectedRow(row.Line, "the event is larger than the server takes", row.Source));
        }
        else
        {
            Read(reply, batch, first, count, tally);
        }
    }

    private static void Read(ServerReply reply, Batch batch, int first, int count, Tally tally)
    {
        if (!reply.IsSuccess && reply.Status != HttpStatusCode.BadRequest)
            throw reply.ToFailure(NoSuchWorkspace);
        using JsonDocument document = reply.Json();
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("accepted", out JsonElement accepted))
            throw reply.ToFailure(NoSuchWorkspace);
        int rejected = 0;
        if (root.TryGetProperty("rejected", out JsonElement rows))
        {
            foreach (JsonElement item in rows.EnumerateArray())
            {
                BatchRow row = batch.Rows[first + IndexBelow(item.GetProperty("index").GetInt32(), count)];
                tally.Rejected.Add(new RejectedRow(row.Line, item.GetProperty("reason").GetString() ?? "no reason given", row.Source));
                rejected++;
            }
        }
        if (accepted.GetInt32() + rejected != count)
            throw new CliException(ExitCode.Failed, $"the server answered for {accepted.GetInt32() + rejected} of {count} events");
        tally.Accepted += accepted.GetInt32();
        tally.IgnoredFields += root.TryGetProperty("ignoredFields", out JsonElement ignored) ? ignored.GetInt64() : 0;
    }

    private static int IndexBelow(int index, int count) => index >= 0 && index < count
        ? index
        : throw new CliException(ExitCode.Failed, $"the server rejected event {index} of a batch of {count}");

    private sealed class Tally
    {
        public int Accepted { get; set; }

        public long IgnoredFields { get; set; }

        public required List<RejectedRow> Rejected { get; init; }
    }
}
