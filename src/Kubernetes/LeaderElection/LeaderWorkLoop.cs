using Kubernetes.Informers;
using Microsoft.Extensions.Logging;

namespace Kubernetes.LeaderElection;

/// <summary>Runs one <see cref="ILeaderWork"/>, and again after a wait when it fails.</summary>
internal sealed class LeaderWorkLoop(ILeaderWork work, TimeProvider time, ILogger logger)
{
    private readonly Backoff _backoff = new(
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), resetAfter: TimeSpan.FromMinutes(2), time, new Random());

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => work.RunAsync(cancellationToken), cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var wait = _backoff.Next();
                Log.LeaderWorkFailed(logger, e, work.GetType().Name, wait.TotalSeconds);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
