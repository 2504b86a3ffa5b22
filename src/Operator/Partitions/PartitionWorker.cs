using System.Globalization;
using Kubernetes.LeaderElection;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Runs the turns of the partitions that are this replica's share, and looks at all of them now and then in case a wake-up was lost. When replicas come
/// or go, what became this replica's share is taken over, and what became another's is given up.
/// </summary>
internal sealed class PartitionWorker(
    PartitionScheduler scheduler,
    WorkspaceRegistry registry,
    ReplicaMessages messages,
    LiveReplicas replicas,
    Leadership leadership,
    IOptions<DataPlaneOptions> options,
    TimeProvider time,
    ILogger<PartitionWorker> logger) : IReplicaWork
{
    private string _told = "";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Whoever takes partitions of a leader away that cannot prove its leadership does not take it for alive: another one leads by now.
        scheduler.Fenced += leadership.YieldUnlessProven;
        replicas.Changed += WakeAll;
        try
        {
            await Task.WhenAll(
                scheduler.RunAsync(cancellationToken),
                messages.ListenAsync(ReplicaMessages.Appended, Wake, cancellationToken),
                SweepAsync(cancellationToken));
        }
        finally
        {
            scheduler.Fenced -= leadership.YieldUnlessProven;
            replicas.Changed -= WakeAll;
            registry.CloseInboxes();
        }
    }

    private void Wake(string workspace, IReadOnlyList<string> partitions)
    {
        foreach (var partition in partitions) registry.Wake(workspace, int.Parse(partition, CultureInfo.InvariantCulture));
    }

    private void WakeAll()
    {
        var now = string.Join(", ", replicas.Current);
        if (now != Interlocked.Exchange(ref _told, now)) Log.ReplicasChanged(logger, now);
        foreach (var workspace in registry.All) registry.WakeAll(workspace);
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
