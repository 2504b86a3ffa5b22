using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// Stands between an operator and Redis and writes down what each connection says: <c>N.commands</c> and <c>N.replies</c> in a folder. Runs until
/// the process is told to end.
/// </summary>
internal static class RecordingRelay
{
    public static async Task RunAsync(int listen, int redis, string folder)
    {
        Directory.CreateDirectory(folder);
        using var told = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            told.Cancel();
        });
        using var listener = new TcpListener(IPAddress.Loopback, listen);
        listener.Start();
        var pumps = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(told.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, redis, told.Token);
                var path = Path.Combine(folder, FormattableString.Invariant($"{pumps.Count / 2}"));
                pumps.Add(PumpAsync(client, server, path + ".commands", told.Token));
                pumps.Add(PumpAsync(server, client, path + ".replies", told.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(pumps); // the process ends with them, and the sockets with it
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, string path, CancellationToken cancellationToken)
    {
        await using var record = File.Create(path);
        var buffer = new byte[256 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var length)
            {
                for (var sent = 0; sent < length;) sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), cancellationToken);
                record.Write(buffer, 0, length);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The run is over.
        }
    }
}
