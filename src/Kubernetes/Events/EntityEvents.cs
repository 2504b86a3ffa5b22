using System.Threading.Channels;
using Kubernetes.Client;
using Kubernetes.Model;

namespace Kubernetes.Events;

/// <summary>
/// Tells in an object's events (<c>kubectl describe</c>) what happened to it. Never waits and never throws: events are written in
/// the background, equal ones as a series, at most <see cref="EventWriter.Burst"/> new ones at once per object and then one a
/// minute; what is beyond that, or cannot be written, is lost and counted.
/// </summary>
public sealed class EntityEvents
{
    private const int QueueLength = 1000;

    private readonly Channel<Occurrence> _queue = Channel.CreateBounded<Occurrence>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly EntityTypes _types;
    private readonly TimeProvider _time;
    private readonly EventMetrics _metrics;

    internal EntityEvents(EntityTypes types, EventMetrics metrics, TimeProvider time)
    {
        _types = types;
        _metrics = metrics;
        _time = time;
    }

    internal ChannelReader<Occurrence> Queue => _queue.Reader;

    /// <param name="reason">CamelCase, at most 128 characters, for machines.</param>
    /// <param name="message">A sentence for people; what is over 1,024 characters is cut off.</param>
    /// <param name="action">What was being done, CamelCase.</param>
    public void Publish<T>(T entity, EntityEventType type, string reason, string message, string action = "Reconcile")
        where T : class, IKubernetesObject
    {
        var kind = _types.Of<T>();
        var about = entity.Metadata;
        var regarding = new Regarding(kind.ApiVersion, kind.Kind, about.Namespace, about.Name, about.Uid, about.ResourceVersion);
        var key = new EventKey(regarding with { ResourceVersion = null }, type, reason, action, Cut(message));
        var happened = new Occurrence(key, regarding, _time.GetUtcNow());
        if (!_queue.Writer.TryWrite(happened))
            _metrics.Lost("queue_full");
    }

    /// <summary>No further events are taken; those that wait are still written.</summary>
    internal void Complete() => _queue.Writer.TryComplete();

    private static string Cut(string message) => message.Length <= 1024 ? message : message[..1023] + "…";
}

/// <summary>The object that an event is about.</summary>
internal sealed record Regarding(string ApiVersion, string Kind, string? Namespace, string Name, string? Uid, string? ResourceVersion);

/// <summary>What makes two events one series.</summary>
internal sealed record EventKey(Regarding Regarding, EntityEventType Type, string Reason, string Action, string Note);

internal sealed record Occurrence(EventKey Key, Regarding Regarding, DateTimeOffset At);
