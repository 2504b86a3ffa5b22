using Kubernetes.LeaderElection;

namespace Segmentation.Operator.Workspaces;

/// <summary>Has the models that are due fitted, and the workspace planned anew with each.</summary>
internal sealed class ModelWorker(WorkspaceRegistry registry, ModelFitter fitter, TimeProvider time, ILogger<ModelWorker> logger) : ILeaderWork
{
    public Task RunAsync(CancellationToken cancellationToken) => WorkspaceRounds.RunAsync(
        registry, time, workspace => FitAsync(workspace, cancellationToken), (workspace, e) => Log.FittingFailed(logger, workspace.Name, e), cancellationToken);

    private async Task FitAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (workspace.IsPlanned && await fitter.FitDueAsync(workspace, cancellationToken)) registry.ReplanNeeded(workspace.Name);
    }
}
