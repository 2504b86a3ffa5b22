using System.Net;
using StackExchange.Redis;

namespace Segmentation.Operator.Storage;

/// <summary>
/// Finds a connection whose commands wait although nobody is about to send them: in StackExchange.Redis 1.2.6, a command that is queued just as the writer of
/// a lost connection ends wakes nobody, and nor does any after it, for the queue was not empty then. The server is well, and the client says that
/// it is connected; it stays so until it is thrown away.
/// </summary>
internal sealed class StalledWriter
{
    // One look could fall between a command and its writer, who may have to wait for a processor.
    private const int LooksUntilCertain = 3;

    private readonly Dictionary<(EndPoint, ConnectionType), (long Sent, int Looks)> _waiting = [];

    /// <summary>Looks at every connection; to be called about once a second.</summary>
    /// <returns>Whether one has had commands to send in each of the last looks, has sent none meanwhile, and nobody was at it.</returns>
    public bool IsIn(ConnectionMultiplexer client)
    {
        var isStalled = false;
        foreach (var endPoint in client.GetEndPoints())
        {
            var server = client.GetServer(endPoint);
            var counters = server.GetCounters();
            foreach (var connection in (ConnectionCounters[])[counters.Interactive, counters.Subscription])
            {
                var looks = 0;
                if (server.IsConnected && connection is { PendingUnsentItems: > 0, WriterCount: 0 })
                {
                    var before = _waiting.GetValueOrDefault((endPoint, connection.ConnectionType));
                    looks = before.Looks > 0 && before.Sent == connection.OperationCount ? before.Looks + 1 : 1;
                }
                _waiting[(endPoint, connection.ConnectionType)] = (connection.OperationCount, looks);
                isStalled |= looks >= LooksUntilCertain;
            }
        }
        return isStalled;
    }
}
