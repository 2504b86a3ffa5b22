using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Gives partitions their turns: when something was brought or appended, when a due time has come, when a plan was published. A partition never has two turns
/// at once; one that is woken during its turn gets another. Turns are short, and partitions with more to do queue up behind the others. Events have workers
/// of their own, so that they do not wait behind a wave of flips or a backfill.
/// </summary>
internal sealed class PartitionScheduler(IOptions<DataPlaneOptions> options, BusinessClock clock, TimeProvider time, ILogger<PartitionScheduler> logger) : IDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly Channel<PartitionSlot>[] _ready = [Channel.CreateUnbounded<PartitionSlot>(), Channel.CreateUnbounded<PartitionSlot>()];
    private readonly DueTimer _timer = new(clock);

    /// <summary>Raised when another replica has taken over a partition. Handlers return at once.</summary>
    public event Action? Fenced;

    public void Dispose() => _timer.Dispose();

    /// <summary>Asks for a turn soon. Cheap, from any thread, any number of times.</summary>
    public void Wake(PartitionSlot slot, TurnFor kind = TurnFor.All)
    {
        if (slot.TryQueue(kind)) Queue(slot, kind);
    }

    /// <summary>Works until cancelled, and returns when every turn under way has ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var forEvents = Enumerable.Range(0, options.Value.Workers).Select(_ => WorkAsync(TurnFor.Events, cancellationToken));
        var forAll = Enumerable.Range(0, (options.Value.Workers + 15) / 16).Select(_ => WorkAsync(TurnFor.All, cancellationToken));
        await Task.WhenAll([.. forEvents, .. forAll, _timer.RunAsync(slot => Wake(slot), cancellationToken)]);
    }

    private async Task WorkAsync(TurnFor kind, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var slot = await _ready[(int)kind].Reader.ReadAsync(cancellationToken);
                if (slot.TryBeginTurn(kind)) await TakeTurnAsync(slot, kind, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task TakeTurnAsync(PartitionSlot slot, TurnFor kind, CancellationToken cancellationToken)
    {
        try
        {
            if (await slot.Partition.TakeTurnAsync(eventsFirst: kind == TurnFor.Events))
            {
                slot.TryQueue(kind);
                slot.TryQueue(TurnFor.All); // one for events that had to do everything may have left anything
            }
            slot.Backoff = TimeSpan.Zero;
        }
        catch (Exception e)
        {
            Report(slot, e);
            slot.Backoff = slot.Backoff == TimeSpan.Zero ? FirstBackoff : TimeSpan.FromTicks(Math.Min(slot.Backoff.Ticks * 2, LongestBackoff.Ticks));
            _ = WakeLaterAsync(slot, slot.Backoff, cancellationToken);
        }

        // Still within the turn: after it another worker may begin the next, and an older due time must not replace that one's.
        if (slot.Partition.LookAgainIn is { } wait) _ = WakeLaterAsync(slot, wait, cancellationToken);
        if (slot.Partition.NextDueMs is var due and < Verdict.Never) _timer.Set(slot, due);
        var (events, all) = slot.EndTurn();
        if (events) Queue(slot, TurnFor.Events);
        if (all) Queue(slot, TurnFor.All);
    }

    private void Queue(PartitionSlot slot, TurnFor kind) => _ready[(int)kind].Writer.TryWrite(slot);

    private void Report(PartitionSlot slot, Exception e)
    {
        switch (e)
        {
            case FencedException:
                Log.PartitionFenced(logger, slot.Partition.Workspace, slot.Partition.Number, e.Message);
                Fenced?.Invoke();
                break;
            case OutOfStepException: Log.PartitionOutOfStep(logger, slot.Partition.Workspace, slot.Partition.Number, e.Message); break;
            case StoreUnavailableException when slot.Backoff > TimeSpan.Zero: break; // said once per outage
            case StoreUnavailableException: Log.PartitionStoreUnavailable(logger, slot.Partition.Workspace, slot.Partition.Number, e.Message); break;
            default: Log.PartitionFailed(logger, slot.Partition.Workspace, slot.Partition.Number, e); break;
        }
    }

    private async Task WakeLaterAsync(PartitionSlot slot, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken);
            Wake(slot);
        }
        catch (OperationCanceledException)
        {
            // Shutting down: nobody takes turns any more.
        }
    }
}
