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
            // One workspace after the other, so that live events never wait behind all of them.
            var workspaces = registry.All.ToArray();
            foreach (var workspace in workspaces)
            {
                await Task.WhenAll(workspace.Slots.Select(LookAsync));
                await Task.Delay(options.Value.SweepInterval / workspaces.Length, time, cancellationToken);
            }
            if (workspaces.Length == 0) await Task.Delay(options.Value.SweepInterval, time, cancellationToken);
        }
    }

    private async Task LookAsync(PartitionSlot slot)
    {
        if (await slot.Partition.HasWorkAsync()) scheduler.Wake(slot);
    }
}
