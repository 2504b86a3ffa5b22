using System.Net;
using System.Threading.Channels;
using Segmentation.Cli.Output;
using Segmentation.Cli.Reading;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Import;

/// <summary>
/// Sends the lines of a profile file to <c>PUT /v1/{workspace}/profiles/{id}</c>, several at once. Lines of the same profile go one after the
/// other in the file's order, so that the last one stays.
/// </summary>
internal sealed class ProfileUpload(ServerConnection server, RejectedRows rejects, Meter meter, TimeProvider time)
{
    private const int LinesAheadPerLane = 64;

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();

    /// <summary>Profiles that the server took.</summary>
    public long Accepted { get; private set; }

    public long Rejected { get; private set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <exception cref="CliException">The server refuses, or could not be reached.</exception>
    public async Task RunAsync(Stream stream, int parallel, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<ProfileLine>[] lanes = [.. Enumerable.Range(0, parallel).Select(_ => Channel.CreateBounded<ProfileLine>(LinesAheadPerLane))];
        Task reading = Task.Run(() => ReadAsync(new LineReader(stream, Position.Start), lanes, stop.Token), CancellationToken.None);
        await FirstFailure.OfAllAsync([.. lanes.Select(lane => SendAsync(lane.Reader, stop)), reading]);
    }

    private async Task ReadAsync(LineReader lines, Channel<ProfileLine>[] lanes, CancellationToken stop)
    {
        try
        {
            while (lines.Read())
            {
                ProfileLine line = ProfileLine.Of(lines);
                meter.Report(lines.End.Offset, Meter.Rate(Accepted, Elapsed, "profiles"));
                if (line.Problem is not null)
                    Reject(line, line.Problem);
                else
                    await lanes[(uint)line.Id.GetHashCode(StringComparison.Ordinal) % lanes.Length].Writer.WriteAsync(line, stop);
            }
        }
        finally
        {
            foreach (Channel<ProfileLine> lane in lanes)
                lane.Writer.Complete();
        }
    }

    private async Task SendAsync(ChannelReader<ProfileLine> lane, CancellationTokenSource stop)
    {
        try
        {
            await foreach (ProfileLine line in lane.ReadAllAsync(stop.Token))
                await SendAsync(line, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task SendAsync(ProfileLine line, CancellationToken cancellation)
    {
        string path = $"profiles/{Uri.EscapeDataString(line.Id)}";
        ServerReply reply = await server.SendAsync(HttpMethod.Put, path, line.Body, "application/json", cancellation);
        if (reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge)
            Reject(line, reply.Error());
        else if (!reply.IsSuccess)
            throw reply.ToFailure("check --workspace, and that the operator watches that namespace");
        else
            lock (_lock)
                Accepted++;
    }

    private void Reject(ProfileLine line, string reason)
    {
        lock (_lock)
        {
            Rejected++;
            rejects.Add(new RejectedRow(line.Line, reason, line.Source));
        }
    }
}
