using Kubernetes.Client.Configuration;
using Kubernetes.Controllers;
using Kubernetes.Events;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kubernetes.Hosting;

/// <summary>
/// Runs everything in order. Starting: informers and events, then every replica's work and leader election, then the leader's work. Stopping: no
/// new work, finish what runs, give up the leases, write the last events, stop watching.
/// </summary>
internal sealed class RuntimeHost(
    IServiceProvider services, IOptions<KubernetesRuntimeOptions> options, ClientConfiguration configuration, Leadership leadership,
    EntityEvents events, EventWriter eventWriter, IHostApplicationLifetime application, ILogger<RuntimeHost> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan EventsTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopTaking = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly CancellationTokenSource _stopElection = new();
    private readonly CancellationTokenSource _stopWatching = new();
    private readonly CancellationTokenSource _stopEvents = new();
    private Task _watching = Task.CompletedTask;
    private Task _election = Task.CompletedTask;
    private Task _leading = Task.CompletedTask;
    private Task _working = Task.CompletedTask;
    private Task _writingEvents = Task.CompletedTask;
    private LeaderElector? _elector;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.Connected(logger, configuration.Server.ToString(), configuration.Source);
        var informers = services.GetServices<IInformer>();
        _watching = Task.WhenAll(
            informers.Select(informer => Task.Run(() => informer.RunAsync(_stopWatching.Token), CancellationToken.None)));
        _writingEvents = Task.Run(() => eventWriter.RunAsync(_stopEvents.Token), CancellationToken.None);
        _election = Task.Run(ElectAsync, CancellationToken.None);
        _leading = Task.Run(LeadAsync, CancellationToken.None);
        _working = Task.Run(WorkAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopTaking.CancelAsync();
        await DrainAsync(cancellationToken);
        await _stopElection.CancelAsync();
        await _election;
        if (_elector is { } elector)
            await elector.ReleaseAsync(cancellationToken);
        events.Complete();
        _stopEvents.CancelAfter(EventsTimeout);
        await _writingEvents.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopWatching.CancelAsync();
        await _watching;
    }

    public void Dispose()
    {
        _stopTaking.Dispose();
        _abort.Dispose();
        _stopElection.Dispose();
        _stopWatching.Dispose();
        _stopEvents.Dispose();
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_leading, _working).WaitAsync(options.Value.DrainTimeout, options.Value.Clock, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            Log.DrainTimedOut(logger, options.Value.DrainTimeout.TotalSeconds);
            await _abort.CancelAsync();
            await Task.WhenAll(_leading, _working).WaitAsync(TimeSpan.FromSeconds(5), options.Value.Clock, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ElectAsync()
    {
        if (!options.Value.LeaderElection.Enabled)
        {
            leadership.Renewed(options.Value.Clock.GetTimestamp(), Timeout.InfiniteTimeSpan);
            return;
        }

        try
        {
            _elector = services.GetRequiredService<LeaderElector>();
            await _elector.RunAsync(_stopElection.Token);
        }
        catch (OperationCanceledException) when (_stopElection.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            Log.ElectionFailed(logger, e);
            leadership.End();
        }

        // What an ex-leader knows and has begun is worth nothing: a fresh process is simpler than a way back.
        Environment.ExitCode = 1;
        application.StopApplication();
    }

    private async Task LeadAsync()
    {
        try
        {
            var lifetime = await leadership.WaitAsync(_stopTaking.Token);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime, _stopTaking.Token);
            using var abort = CancellationTokenSource.CreateLinkedTokenSource(lifetime, _abort.Token);
            var loops = services.GetServices<IControllerLoop>().ToList();
            await Task.WhenAll(loops.Select(loop => loop.WaitForSyncAsync(stop.Token)));
            var work = services.GetServices<ILeaderWork>()
                .Select(item => new WorkLoop(item.GetType().Name, item.RunAsync, options.Value.Clock, logger).RunAsync(stop.Token));
            await Task.WhenAll([.. loops.Select(loop => loop.RunAsync(stop.Token, abort.Token)), .. work]);
        }
        catch (OperationCanceledException) when (_stopTaking.IsCancellationRequested || !leadership.IsLeader)
        {
            // Asked to stop, or no longer leading, before the work began.
        }
        catch (Exception e)
        {
            Log.LeadingFailed(logger, e);
            Environment.ExitCode = 1;
            application.StopApplication();
        }
    }

    /// <summary>What every replica does, and its own Lease around that: held from before the first of it until after the last.</summary>
    private async Task WorkAsync()
    {
        try
        {
            // From the signal on, not only when open requests have ended: the others wait for this replica's share.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopTaking.Token, application.ApplicationStopping);
            await Task.WhenAll(services.GetServices<IControllerLoop>().Select(loop => loop.WaitForSyncAsync(stop.Token)));
            var lease = options.Value.LeaderElection.SharesWork ? services.GetRequiredService<ReplicaLease>() : null;
            var holding = lease?.RunAsync(stop.Token) ?? Task.CompletedTask;
            await Task.WhenAll(services.GetServices<IReplicaWork>()
                .Select(item => new WorkLoop(item.GetType().Name, item.RunAsync, options.Value.Clock, logger).RunAsync(stop.Token)));
            await Task.Delay(Timeout.InfiniteTimeSpan, options.Value.Clock, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await holding;
            if (lease is not null)
                await lease.LeaveAsync();
        }
        catch (OperationCanceledException) when (_stopTaking.IsCancellationRequested || application.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop before the work began.
        }
        catch (Exception e)
        {
            Log.WorkingFailed(logger, e);
            Environment.ExitCode = 1;
            application.StopApplication();
        }
    }
}
