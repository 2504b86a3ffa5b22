using System.Threading.Channels;

namespace Segmentation.Operator.Audiences;

/// <summary>Wakes one sleeper. Set while nobody sleeps, it is remembered once.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Cheap, from any thread.</summary>
    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Sleeps until woken or until the time is over.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken cancellationToken)
    {
        using var sleep = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(longest, time, sleep.Token), _set.Reader.WaitToReadAsync(sleep.Token).AsTask());
        await sleep.CancelAsync();
        _set.Reader.TryRead(out _);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
