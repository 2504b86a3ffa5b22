using Kubernetes.Informers;
using Microsoft.Extensions.Logging;

namespace Kubernetes.LeaderElection;

/// <summary>Runs one <see cref="ILeaderWork"/> or <see cref="IReplicaWork"/>, and again after a wait when it fails.</summary>
internal sealed class WorkLoop(string name, Func<CancellationToken, Task> work, TimeProvider time, ILogger logger)
{
    private readonly Backoff _backoff = new(
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), resetAfter: TimeSpan.FromMinutes(2), time, new Random());

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Run(() => work(cancellationToken), cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var wait = _backoff.Next();
                Log.WorkFailed(logger, e, name, wait.TotalSeconds);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
