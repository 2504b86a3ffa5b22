using Kubernetes.LeaderElection;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Partitions;

/// <summary>Runs the partitions' turns while this replica leads, and looks at all of them now and then in case a wake-up was lost.</summary>
internal sealed class PartitionWorker(
    PartitionScheduler scheduler, WorkspaceRegistry registry, WakeChannel wakes, Leadership leadership, IOptions<DataPlaneOptions> options, TimeProvider time)
    : ILeaderWork
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        scheduler.Fenced += leadership.YieldUnlessProven;
        try
        {
            await Task.WhenAll(
                scheduler.RunAsync(cancellationToken),
                wakes.ListenAsync((workspace, partition) => registry.Wake(workspace, partition), cancellationToken),
                SweepAsync(cancellationToken));
        }
        finally
        {
            scheduler.Fenced -= leadership.YieldUnlessProven;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var workspace in registry.All) registry.WakeAll(workspace);
            await Task.Delay(options.Value.SweepInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
