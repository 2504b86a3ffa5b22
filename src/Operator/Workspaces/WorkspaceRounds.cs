using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>Goes round the workspaces for as long as this replica leads: one at a time, and beside everything else.</summary>
internal static class WorkspaceRounds
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    /// <param name="visit">Does what is due in a workspace.</param>
    /// <param name="failed">Hears of a visit that failed, but not of outages of Redis; the next round comes all the same.</param>
    public static async Task RunAsync(
        WorkspaceRegistry registry, TimeProvider time, Func<Workspace, Task> visit, Action<Workspace, Exception> failed, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Rest, time, cancellationToken);
            foreach (var workspace in registry.All)
            {
                try
                {
                    await visit(workspace);
                }
                catch (Exception e) when (e is StoreUnavailableException or RedisException)
                {
                    // The partitions report the outage; the next round comes soon.
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    failed(workspace, e);
                }
            }
        }
    }
}
