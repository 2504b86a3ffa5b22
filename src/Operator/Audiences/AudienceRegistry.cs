using System.Collections.Concurrent;
using Kubernetes.Informers;

namespace Segmentation.Operator.Audiences;

/// <summary>The AudienceSyncs that are being followed, at most one runner for each. Empty while this replica does not lead.</summary>
internal sealed class AudienceRegistry : IDisposable
{
    private readonly ConcurrentDictionary<EntityKey, AudienceRunner> _runners = new();
    private readonly ConcurrentDictionary<(string Workspace, string Segment), AudienceRunner[]> _bySegment = new();
    private readonly SemaphoreSlim _gate = new(1, 1);

    public IEnumerable<AudienceRunner> All => _runners.Values;

    public AudienceRunner? Find(EntityKey key) => _runners.GetValueOrDefault(key);

    /// <summary>Brings one AudienceSync's runner in line: none, the one there is, or a new one after the old one has ended.</summary>
    /// <param name="wanted">Asked when no other call is under way.</param>
    public async Task ApplyAsync(EntityKey key, Func<AudienceIdentity?> wanted, Func<AudienceIdentity, AudienceRunner> create)
    {
        await _gate.WaitAsync();
        try
        {
            var identity = wanted();
            if (_runners.TryGetValue(key, out var current))
            {
                if (current.Identity == identity) return;
                _runners.TryRemove(key, out _);
                Index(current.Identity);
                await current.StopAsync();
                current.Dispose();
            }
            if (identity is null) return;
            var runner = create(identity);
            _runners[key] = runner;
            Index(identity);
            runner.Start();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Ends one; when this returns, nothing of it is being delivered any more.</summary>
    public Task StopAsync(EntityKey key) => ApplyAsync(key, () => null, _ => throw new InvalidOperationException("Nothing is wanted."));

    public Task StopAllAsync() => Task.WhenAll(_runners.Keys.Select(StopAsync));

    /// <summary>There may be something new in a partition of a segment. Cheap, from any thread.</summary>
    public void Signal(string workspace, string segment, int partition)
    {
        if (!_bySegment.TryGetValue((workspace, segment), out var runners)) return;
        foreach (var runner in runners) runner.Signal(partition);
    }

    public void Dispose() => _gate.Dispose();

    private void Index(AudienceIdentity identity)
    {
        var key = (identity.Workspace, identity.Segment);
        var runners = _runners.Values.Where(r => (r.Identity.Workspace, r.Identity.Segment) == key).ToArray();
        if (runners.Length == 0) _bySegment.TryRemove(key, out _);
        else _bySegment[key] = runners;
    }
}
