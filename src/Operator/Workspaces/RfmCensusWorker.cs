using Kubernetes.LeaderElection;

namespace Segmentation.Operator.Workspaces;

/// <summary>Has the censuses that are due taken; statuses show the last.</summary>
internal sealed class RfmCensusWorker(WorkspaceRegistry registry, RfmCensusTaker taker, TimeProvider time, ILogger<RfmCensusWorker> logger) : ILeaderWork
{
    public Task RunAsync(CancellationToken cancellationToken) => WorkspaceRounds.RunAsync(
        registry, time, workspace => taker.TakeDueAsync(workspace, cancellationToken), (workspace, e) => Log.CensusFailed(logger, workspace.Name, e), cancellationToken);
}
