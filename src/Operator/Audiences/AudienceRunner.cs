using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Audiences;

/// <summary>
/// Follows one generation of one AudienceSync until stopped: reads changes, bundles them, and delivers one batch after the other. What it needs to
/// go on after the process has ended stands in the checkpoint.
/// </summary>
internal sealed class AudienceRunner(AudienceIdentity identity, AudienceServices services) : IDisposable
{
    private static readonly TimeSpan LongestStoreBackoff = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly WakeSignal _news = new();
    private readonly WakeSignal _retry = new();
    private readonly Outbox _outbox = new(services.Redis, identity.Workspace, identity.Segment);
    private readonly TimeProvider _time = services.Time;
    private readonly AudienceOptions _options = services.Options.Value;
    private volatile AudienceState _state = AudienceState.Initial(identity.Generation);
    private volatile ChangeFeed? _feed;
    private Task _running = Task.CompletedTask;

    public AudienceIdentity Identity { get; } = identity;

    public AudienceState State => _state;

    /// <summary>Completes when it has stopped, or has come to an end by itself.</summary>
    public Task Completion => _running;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Ends it; when this returns, nothing is being delivered any more.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>To be called after <see cref="StopAsync"/>.</summary>
    public void Dispose() => _stop.Dispose();

    /// <summary>There may be something new in a partition. Cheap, from any thread.</summary>
    public void Signal(int partition)
    {
        _feed?.MarkDirty(partition); // without one it begins by looking at all of them
        _news.Set();
    }

    /// <summary>Looks, and tries, again now instead of after the wait.</summary>
    public void RetryNow()
    {
        _retry.Set();
        _news.Set();
    }

    private async Task RunAsync()
    {
        AudienceLog.Started(services.Logger, Identity.Workspace, Identity.Name, Identity.Segment, Identity.Generation);
        var backoff = _options.FirstBackoff;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(_stop.Token);
                return; // nothing more to do with this spec
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                AudienceLog.Stopped(services.Logger, Identity.Workspace, Identity.Name);
                return;
            }
            catch (Exception e)
            {
                Report(e);
            }
            _feed = null;
            await Task.Delay(backoff, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backoff = backoff * 2 < LongestStoreBackoff ? backoff * 2 : LongestStoreBackoff;
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var destination = services.Destinations.Create(Identity.Workspace, Identity.Definition);
        if (await OpenAsync(destination, cancellationToken) is not { } opened) return;
        var (checkpoint, partitions, revision) = opened;
        var feed = new ChangeFeed(_outbox, Identity.Uid, partitions, checkpoint.Positions, Identity.SkipDeletions);
        var delivery = new AudienceDelivery(Identity, services, destination, _outbox, feed, checkpoint, _retry, Publish) { ServingRevision = revision };
        _feed = feed;
        await delivery.ResumeAsync(cancellationToken);
        await new AudienceLoop(Identity, services, delivery, feed, _news).RunAsync(cancellationToken);
    }

    /// <summary>Waits until there is something to follow and somewhere to deliver it.</summary>
    /// <returns>Null when this spec cannot be followed.</returns>
    private async Task<(SyncCheckpoint Checkpoint, int Partitions, string? Revision)?> OpenAsync(IAudienceDestination destination, CancellationToken cancellationToken)
    {
        var checkpoint = await services.Checkpoints.ReadAsync(Identity.Workspace, Identity.Uid);
        if (checkpoint is not null)
            Publish(s => s with { Synced = checkpoint.Synced, LastSyncMs = checkpoint.LastSyncMs });
        if (checkpoint is not null && await CannotFollowAsync(checkpoint)) return null;
        await CheckAsync(destination, cancellationToken);

        while (true)
        {
            var catalog = await services.Catalogs.ReadAsync(Identity.Workspace);
            var entry = catalog.Segments.GetValueOrDefault(Identity.Segment);
            var revision = entry is { Deleting: false } ? entry.Serving?.Revision : null;
            if (catalog.Partitions > 0 && (checkpoint is not null || revision is not null))
            {
                checkpoint ??= await services.Checkpoints.CreateAsync(Identity.Workspace, Identity.Uid, Identity.Segment);
                return (checkpoint, catalog.Partitions, revision);
            }
            Publish(s => s with { Phase = AudiencePhase.WaitingForSegment, Pending = 0 });
            await _news.WaitAsync(_options.StartInterval, _time, cancellationToken);
        }
    }

    private async Task<bool> CannotFollowAsync(SyncCheckpoint checkpoint)
    {
        if (checkpoint.Segment != Identity.Segment)
        {
            // What changes from now on is not kept for the former segment: should it be named again, its members are told anew.
            await services.Checkpoints.ResetAsync(Identity.Workspace, Identity.Uid, checkpoint);
            Publish(s => s with
            {
                Phase = AudiencePhase.Stopped,
                Reason = AudienceReasons.SegmentChanged,
                Message = $"spec.segmentRef.name: the destination holds members of segment {checkpoint.Segment}; name it again, or create a new AudienceSync for {Identity.Segment}",
            });
            return true;
        }
        if (checkpoint.GoneGeneration != Identity.Generation) return false;
        Publish(s => s with { Phase = AudiencePhase.Stopped, Reason = AudienceReasons.DestinationGone, Message = AudienceDelivery.GoneMessage, LastError = "HTTP 410" });
        return true;
    }

    private async Task CheckAsync(IAudienceDestination destination, CancellationToken cancellationToken)
    {
        var schedule = new DeliverySchedule(_options, new Random());
        for (var failures = 1; await destination.CheckAsync(cancellationToken) is { } problem; failures++)
        {
            if (_state.Message != problem.Error) AudienceLog.CannotBegin(services.Logger, Identity.Workspace, Identity.Name, problem.Reason, problem.Error);
            Publish(s => s with { Reason = problem.Reason, Message = problem.Error });
            await _retry.WaitAsync(schedule.DelayAfter(failures, problem), _time, cancellationToken);
        }
        Publish(s => s with { Reason = null, Message = null });
    }

    private void Publish(Func<AudienceState, AudienceState> change)
    {
        var before = _state;
        var after = change(before);
        if (after == before) return;
        _state = after;
        services.Queue.Enqueue(Identity.Workspace, Identity.Name, _options.StatusInterval);
    }

    private void Report(Exception e)
    {
        var reported = _state.Reason == AudienceReasons.StoreUnavailable;
        if (e is StoreUnavailableException or OutOfStepException)
        {
            if (!reported) AudienceLog.StoreUnavailable(services.Logger, Identity.Workspace, Identity.Name, e.Message);
            Publish(s => s with { Reason = AudienceReasons.StoreUnavailable, Message = "Redis does not answer; deliveries go on when it does." });
        }
        else
        {
            AudienceLog.Failed(services.Logger, Identity.Workspace, Identity.Name, e);
            Publish(s => s with { Reason = AudienceReasons.InternalError, Message = "An unexpected error stopped the deliveries; the operator's log has it. They are tried again." });
        }
    }
}
