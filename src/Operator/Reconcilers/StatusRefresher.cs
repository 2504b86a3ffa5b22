using Kubernetes.LeaderElection;
using Kubernetes.Queue;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Reconcilers;

/// <summary>Asks for a new status of the segments whose members moved, once a second however many moved how often.</summary>
internal sealed class StatusRefresher(WorkspaceRegistry registry, EntityQueue<Segment> segments, TimeProvider time) : ILeaderWork
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var (workspace, segment) in registry.TakeChanged()) segments.Enqueue(workspace, segment);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }
}
