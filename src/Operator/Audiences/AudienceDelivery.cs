using System.Security.Cryptography;
using Segmentation.Operator.Telemetry;

namespace Segmentation.Operator.Audiences;

/// <summary>
/// Delivers batches, one at a time, and keeps the checkpoint: a batch is written down before its first attempt and struck off after its success,
/// together with the positions it moves. A process that ends between the two sends it again, the same under the same id.
/// </summary>
internal sealed class AudienceDelivery(
    AudienceIdentity identity,
    AudienceServices services,
    IAudienceDestination destination,
    Outbox outbox,
    ChangeFeed feed,
    SyncCheckpoint checkpoint,
    WakeSignal retry,
    Action<Func<AudienceState, AudienceState>> publish)
{
    public const string GoneMessage = "The destination answered 410 Gone. Nothing is delivered until the spec changes.";

    private const int IdLength = 27;
    private const string IdAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly TimeProvider _time = services.Time;
    private readonly DeliverySchedule _schedule = new(services.Options.Value, new Random());
    private SyncCheckpoint _checkpoint = checkpoint;
    private bool _initialSync = !feed.IsPastMembers;
    private long? _pending;
    private long _countedAt;

    /// <summary>The serving revision when it began, whose members count as pending until they are told.</summary>
    public string? ServingRevision { get; init; }

    /// <summary>The most changes in a batch; smaller than the spec says once the destination has found a batch too large.</summary>
    public int BatchSize { get; private set; } = identity.Definition.BatchSizeMax;

    /// <summary>Whether the destination wants nothing any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Delivers the batch that an earlier process left in flight.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        if (_checkpoint.Inflight is null) return;
        await AttemptAsync(cancellationToken);
        feed.StartFrom(_checkpoint.Positions);
    }

    /// <summary>Delivers what the feed has read. While what it includes is missing, waits for a while and delivers nothing.</summary>
    public async Task DeliverAsync(CancellationToken cancellationToken)
    {
        if (await ChangesAsync() is not { } changes)
        {
            await WaitForPolicyAsync(cancellationToken);
            return;
        }
        var positions = feed.Moved().ToDictionary(p => p.Key, p => p.Value.Format());
        var batch = new InflightBatch(
            "msg_" + RandomNumberGenerator.GetString(IdAlphabet, IdLength), _time.GetUtcNow().ToUnixTimeMilliseconds(), changes, positions);
        _checkpoint = await services.Checkpoints.BeginAsync(identity.Workspace, identity.Uid, _checkpoint, batch);
        await AttemptAsync(cancellationToken);
    }

    /// <summary>Writes down positions that moved without anything to deliver, and reports that nothing waits.</summary>
    public async Task SettleAsync()
    {
        var moved = feed.Moved();
        if (moved.Count > 0)
        {
            _checkpoint = await services.Checkpoints.AdvanceAsync(identity.Workspace, identity.Uid, _checkpoint, moved);
            feed.Settle();
            await services.Trimmer.TrimAsync(outbox, identity.Workspace, identity.Segment, [.. moved.Keys]);
        }
        await ReportPendingAsync();
    }

    /// <summary>Publishes how it is going; counts what waits, at a bounded rate.</summary>
    public async Task ReportPendingAsync()
    {
        var idle = feed is { Changes.Count: 0, HasDirty: false, IsPastMembers: true };
        if (idle)
        {
            _pending = 0;
        }
        else if (_pending is null || _time.GetElapsedTime(_countedAt) >= services.Options.Value.StatusInterval)
        {
            _countedAt = _time.GetTimestamp();
            _pending = await feed.CountPendingAsync(ServingRevision);
        }
        if (_initialSync && feed is { IsPastMembers: true, Changes.Count: 0 })
        {
            _initialSync = false;
            AudienceLog.InitialSyncDone(services.Logger, identity.Workspace, identity.Name);
        }
        var phase = _initialSync ? AudiencePhase.InitialSync : AudiencePhase.Following;
        publish(s => s with
        {
            Phase = phase, Pending = _pending, Synced = _checkpoint.Synced, LastSyncMs = _checkpoint.LastSyncMs, Reason = null, Message = null,
        });
    }

    // Included now and written down with the batch: however often it is sent, it stays the same.
    private async Task<IReadOnlyList<AudienceChange>?> ChangesAsync() => identity.Definition.RfmPolicyName is { } policy
        ? await services.Rfm.AddAsync(identity.Workspace, policy, feed.Changes)
        : [.. feed.Changes];

    private async Task WaitForPolicyAsync(CancellationToken cancellationToken)
    {
        _pending = await feed.CountPendingAsync(ServingRevision);
        publish(s => s with
        {
            Phase = _initialSync ? AudiencePhase.InitialSync : AudiencePhase.Following,
            Reason = AudienceReasons.WaitingForRfmPolicy,
            Message = $"RfmPolicy {identity.Definition.RfmPolicyName}, which spec.include names, does not score yet; changes wait until it does.",
            Pending = _pending,
        });
        await retry.WaitAsync(services.Options.Value.StartInterval, _time, cancellationToken);
    }

    private async Task AttemptAsync(CancellationToken cancellationToken)
    {
        var inflight = _checkpoint.Inflight!;
        var batch = new AudienceBatch(inflight.Id, inflight.AtMs, identity.Workspace, identity.Segment, identity.Name, inflight.Changes);
        for (var failures = 1; ; failures++)
        {
            var started = _time.GetTimestamp();
            using var span = Tracing.StartDelivery(identity.Workspace, identity.Name, batch.Changes.Count);
            var result = await destination.DeliverAsync(batch, cancellationToken);
            if (result.Outcome != DeliveryOutcome.Accepted) span?.Failed(result.Reason);
            span?.Stop();
            services.Metrics.Attempted(identity, result.Outcome, batch.Changes.Count, _time.GetElapsedTime(started));
            switch (result.Outcome)
            {
                case DeliveryOutcome.Accepted: await AcceptedAsync(inflight); return;
                case DeliveryOutcome.TooLarge when batch.Changes.Count > 1: await HalveAsync(batch.Changes.Count); return;
                case DeliveryOutcome.Gone: await GoneAsync(failures, result); return;
            }
            await FailedAsync(failures, result, batch.Changes.Count, cancellationToken);
        }
    }

    private async Task AcceptedAsync(InflightBatch batch)
    {
        _checkpoint = await services.Checkpoints.CompleteAsync(identity.Workspace, identity.Uid, _checkpoint, _time.GetUtcNow().ToUnixTimeMilliseconds());
        feed.Settle();
        if (_pending is { } pending) _pending = Math.Max(0, pending - batch.Changes.Count);
        AudienceLog.Delivered(services.Logger, identity.Workspace, identity.Name, batch.Changes.Count);
        publish(s => s with { FailedAttempts = 0, LastError = null });
        await services.Trimmer.TrimAsync(outbox, identity.Workspace, identity.Segment, [.. batch.Positions.Keys]);
        await ReportPendingAsync();
    }

    // A smaller batch has another content and so another id: what was in flight is given up and read again.
    private async Task HalveAsync(int changes)
    {
        BatchSize = Math.Max(1, changes / 2);
        _checkpoint = await services.Checkpoints.AbandonAsync(identity.Workspace, identity.Uid, _checkpoint);
        feed.Rewind();
        AudienceLog.BatchHalved(services.Logger, identity.Workspace, identity.Name, changes, BatchSize);
    }

    private async Task GoneAsync(int failures, DeliveryResult result)
    {
        IsOver = true;
        await services.Checkpoints.MarkGoneAsync(identity.Workspace, identity.Uid, _checkpoint, identity.Generation);
        AudienceLog.DestinationGone(services.Logger, identity.Workspace, identity.Name);
        _pending = await feed.CountPendingAsync(ServingRevision);
        publish(s => s with
        {
            Phase = AudiencePhase.Stopped, Reason = result.Reason, Message = GoneMessage, FailedAttempts = failures, LastError = result.Error, Pending = _pending,
        });
    }

    private async Task FailedAsync(int failures, DeliveryResult result, int changes, CancellationToken cancellationToken)
    {
        var delay = _schedule.DelayAfter(failures, result);
        AudienceLog.AttemptFailed(services.Logger, identity.Workspace, identity.Name, failures, changes, result.Reason, result.Error, Math.Round(delay.TotalSeconds, 1));
        _pending = await feed.CountPendingAsync(ServingRevision);
        publish(s => s with
        {
            Phase = _initialSync ? AudiencePhase.InitialSync : AudiencePhase.Following,
            Reason = result.Reason, Message = result.Error, FailedAttempts = failures, LastError = result.Error, Pending = _pending,
        });
        await retry.WaitAsync(delay, _time, cancellationToken);
    }
}
