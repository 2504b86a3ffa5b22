using Kubernetes.LeaderElection;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Segmentation.Operator.Workspaces;

/// <summary>Has the models that are due fitted, one at a time and beside everything else, and the workspace planned anew with each.</summary>
internal sealed class ModelWorker(WorkspaceRegistry registry, ModelFitter fitter, TimeProvider time, ILogger<ModelWorker> logger) : ILeaderWork
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(CheckInterval, time, cancellationToken);
            foreach (var workspace in registry.All)
            {
                try
                {
                    if (workspace.IsPlanned && await fitter.FitDueAsync(workspace, cancellationToken)) registry.ReplanNeeded(workspace.Name);
                }
                catch (Exception e) when (e is StoreUnavailableException or RedisException)
                {
                    // The partitions report the outage; the next check comes soon.
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Log.FittingFailed(logger, workspace.Name, e);
                }
            }
        }
    }
}
