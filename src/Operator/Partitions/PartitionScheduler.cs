using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Gives partitions their turns: when something was appended, when a due time has come, when a plan was published. A partition never has two turns
/// at once; one that is woken during its turn gets another. Turns are short, and partitions with more to do queue up behind the others.
/// </summary>
internal sealed class PartitionScheduler(IOptions<DataPlaneOptions> options, BusinessClock clock, TimeProvider time, ILogger<PartitionScheduler> logger) : IDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly Channel<PartitionSlot> _ready = Channel.CreateUnbounded<PartitionSlot>();
    private readonly DueTimer _timer = new(clock, time);

    /// <summary>Raised when another replica has taken over a partition. Handlers return at once.</summary>
    public event Action? Fenced;

    public void Dispose() => _timer.Dispose();

    /// <summary>Asks for a turn soon. Cheap, from any thread, any number of times.</summary>
    public void Wake(PartitionSlot slot)
    {
        if (slot.TryQueue()) _ready.Writer.TryWrite(slot);
    }

    /// <summary>Works until cancelled, and returns when every turn under way has ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var workers = Enumerable.Range(0, options.Value.Workers).Select(_ => WorkAsync(cancellationToken));
        await Task.WhenAll([.. workers, _timer.RunAsync(Wake, cancellationToken)]);
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var slot = await _ready.Reader.ReadAsync(cancellationToken);
                await TakeTurnAsync(slot, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task TakeTurnAsync(PartitionSlot slot, CancellationToken cancellationToken)
    {
        slot.BeginTurn();
        var more = false;
        try
        {
            more = await slot.Partition.TakeTurnAsync();
            slot.Backoff = TimeSpan.Zero;
        }
        catch (Exception e)
        {
            Report(slot, e);
            slot.Backoff = slot.Backoff == TimeSpan.Zero ? FirstBackoff : TimeSpan.FromTicks(Math.Min(slot.Backoff.Ticks * 2, LongestBackoff.Ticks));
            _ = WakeLaterAsync(slot, slot.Backoff, cancellationToken);
        }

        // Still within the turn: after it another worker may begin the next, and an older due time must not replace that one's.
        if (slot.Partition.NextDueMs is var due and < Verdict.Never) _timer.Set(slot, due);
        if (slot.EndTurn(more)) _ready.Writer.TryWrite(slot);
    }

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
