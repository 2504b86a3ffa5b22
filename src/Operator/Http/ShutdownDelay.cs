using Microsoft.Extensions.Options;

namespace Segmentation.Operator.Http;

/// <summary>
/// Goes on as before for a while once the process was asked to end, but says that it is not ready: until Kubernetes has told everybody, requests still arrive.
/// </summary>
internal sealed class ShutdownDelay(IOptions<HttpOptions> options, TimeProvider time) : IHostedLifecycleService
{
    /// <summary>Whether the process was asked to end.</summary>
    public bool IsStopping { get; private set; }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before any other service is stopped.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        IsStopping = true;
        await Task.Delay(options.Value.ShutdownDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
