namespace Segmentation.Operator.Audiences;

/// <summary>
/// Decides when a batch goes out: when it is full, or when its oldest change has waited long enough. Sleeps while there is nothing, without asking
/// Redis.
/// </summary>
internal sealed class AudienceLoop(AudienceIdentity identity, AudienceServices services, AudienceDelivery delivery, ChangeFeed feed, WakeSignal news)
{
    private readonly TimeProvider _time = services.Time;
    private readonly AudienceOptions _options = services.Options.Value;
    private long _oldestAt;
    private long _sweptAt;

    /// <summary>Returns when nothing may be delivered any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _sweptAt = _time.GetTimestamp();
        while (!delivery.IsOver)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = feed.Changes.Count;
            await feed.ReadAsync(delivery.BatchSize, _options.ReadSize);
            if (before == 0) _oldestAt = _time.GetTimestamp();

            var left = feed.Changes.Count == 0 ? Timeout.InfiniteTimeSpan : identity.Definition.BatchDelayMax - _time.GetElapsedTime(_oldestAt);
            if (feed.Changes.Count >= delivery.BatchSize || (feed.Changes.Count > 0 && left <= TimeSpan.Zero))
            {
                await delivery.DeliverAsync(cancellationToken);
                continue;
            }
            if (feed.Changes.Count == 0) await delivery.SettleAsync();
            else await delivery.ReportPendingAsync();
            await SleepAsync(left, cancellationToken);
        }
    }

    private async Task SleepAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        var sweepIn = _options.SweepInterval - _time.GetElapsedTime(_sweptAt);
        var longest = sweepIn > TimeSpan.Zero ? sweepIn : TimeSpan.Zero;
        if (feed.HasWaiting && _options.StartInterval < longest) longest = _options.StartInterval;
        if (left >= TimeSpan.Zero && left < longest) longest = left;
        if (feed.HasDirty) return;
        await news.WaitAsync(longest, _time, cancellationToken);
        feed.RetryWaiting();
        if (_time.GetElapsedTime(_sweptAt) < _options.SweepInterval) return;
        _sweptAt = _time.GetTimestamp();
        feed.MarkAllDirty();
    }
}
