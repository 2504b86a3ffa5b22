using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Sends what came for merged profiles, and what they had, to the partitions of those that they count for. A step that fails is made again, by
/// whoever owns the partition then; what had arrived is not taken twice.
/// </summary>
internal sealed class Forwarding(ForwardStream stream, IPartitionHost host)
{
    // Of up to 500 events each.
    private const int EntriesPerStep = 64;

    // The node of another partition may be away alone, and each attempt may take a time-out, for which this partition stands still.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private volatile bool _isLeft = true;
    private long? _failedAt;

    /// <summary>How long until a step that has failed is to be made again; null when none has.</summary>
    public TimeSpan? RetryIn => _failedAt is not { } at ? null : RetryDelay - host.Time.GetElapsedTime(at) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Something may be there. From any thread: one that comes during a step may be forgotten.</summary>
    public void Look() => _isLeft = true;

    /// <summary>Sends the first entries that are there, if any may be.</summary>
    /// <returns>Whether there may be more to send at once.</returns>
    public async Task<bool> StepAsync()
    {
        if (!_isLeft || RetryIn > TimeSpan.Zero) return false;
        try
        {
            _failedAt = null;
            var entries = await stream.ReadAsync(EntriesPerStep);
            if (entries.Count > 0) await SendAsync(entries);
            return _isLeft = entries.Count == EntriesPerStep;
        }
        catch (StoreUnavailableException)
        {
            _failedAt = host.Time.GetTimestamp();
            return false;
        }
    }

    private async Task SendAsync(IReadOnlyList<ForwardedEntry> entries)
    {
        var byPartition = entries.GroupBy(entry => PartitionHash.Of(entry.ProfileId, host.PartitionCount)).ToArray();
        await Task.WhenAll(byPartition.Select(some => stream.SendAsync(some.Key, some)));
        foreach (var some in byPartition) host.Forwarded(some.Key);
        await stream.TrimAsync(entries[^1].Id);
    }
}
