using System.Globalization;
using System.Text.Json.Nodes;
using Kubernetes.Client;
using Kubernetes.Controllers;
using Kubernetes.Model;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Events;

/// <summary>
/// Writes queued events, one after the other. The first of its kind is created; its repetitions within six minutes of each other become a
/// series, whose count is written at the second occurrence and then at most once a minute.
/// </summary>
[EntityRbac(typeof(EventsV1Event), Verbs = RbacVerb.Create | RbacVerb.Patch)]
internal sealed class EventWriter(
    EntityEvents events, KubernetesClient client, string reportingController, string reportingInstance, EventMetrics metrics,
    TimeProvider time, ILogger<EventWriter> logger)
{
    public const int Burst = 25;

    private static readonly TimeSpan SeriesEnd = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan SeriesInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<EventKey, Series> _series = [];
    private readonly RateLimiter<Regarding> _rate = new(Burst, TimeSpan.FromMinutes(1), time);
    private long _lastName;

    /// <summary>Runs until the queue is completed and empty, or cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var tick = TickAsync(cancellationToken);
        var more = events.Queue.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            await Task.WhenAny(more, tick);
            if (more.IsCompleted)
            {
                if (!await more)
                    break;
                while (events.Queue.TryRead(out var occurrence))
                    await WriteAsync(occurrence, cancellationToken);
                more = events.Queue.WaitToReadAsync(cancellationToken).AsTask();
            }

            if (tick.IsCompleted)
            {
                await FlushAsync(everything: false, cancellationToken);
                tick = TickAsync(cancellationToken);
            }
        }

        await FlushAsync(everything: true, cancellationToken);
    }

    private Task TickAsync(CancellationToken cancellationToken) => Task.Delay(SeriesInterval, time, cancellationToken);

    private async Task WriteAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        if (_series.TryGetValue(occurrence.Key, out var series) && occurrence.At - series.LastAt < SeriesEnd)
        {
            series.Count++;
            series.LastAt = occurrence.At;
            if (series.Count == 2)
                await WriteSeriesAsync(occurrence.Key, series, cancellationToken);
            return;
        }

        if (_rate.Take(occurrence.Key.Regarding) is not null)
        {
            metrics.Lost("rate_limited");
            return;
        }

        var created = await TryAsync(occurrence.Key, () => client.CreateAsync(NewEvent(occurrence), cancellationToken), cancellationToken);
        if (created is not null)
            _series[occurrence.Key] = new Series(created.Metadata.Name) { LastAt = occurrence.At };
    }

    /// <summary>Writes the counts that grew, and forgets the series that ended.</summary>
    private async Task FlushAsync(bool everything, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (key, series) in _series.ToList())
        {
            if (series.Count > series.Written && (everything || time.GetElapsedTime(series.WrittenAt) >= SeriesInterval))
                await WriteSeriesAsync(key, series, cancellationToken);
            if (now - series.LastAt < SeriesEnd)
                continue;
            _series.Remove(key);
            if (!_series.Keys.Any(other => other.Regarding == key.Regarding))
                _rate.Forget(key.Regarding);
        }
    }

    private async Task WriteSeriesAsync(EventKey key, Series series, CancellationToken cancellationToken)
    {
        var fields = new JsonObject
        {
            ["series"] = new JsonObject { ["count"] = series.Count, ["lastObservedTime"] = MicroTime(series.LastAt) },
        };
        var @namespace = NamespaceOf(key.Regarding);
        series.Written = series.Count;
        series.WrittenAt = time.GetTimestamp();
        await TryAsync(key, PatchAsync, cancellationToken);

        async Task<EventsV1Event> PatchAsync()
        {
            try
            {
                return await client.PatchAsync<EventsV1Event>(@namespace, series.Name, Patch.Merge(fields), cancellationToken);
            }
            catch (NotFoundException)
            {
                // It has expired: the next occurrence starts anew.
                _series.Remove(key);
                throw;
            }
        }
    }

    private async Task<EventsV1Event?> TryAsync(EventKey key, Func<Task<EventsV1Event>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write();
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            metrics.Lost("not_written");
            Log.EventFailed(logger, key.Regarding.Kind, $"{key.Regarding.Namespace}/{key.Regarding.Name}", e.Message);
            return null;
        }
    }

    private EventsV1Event NewEvent(Occurrence occurrence)
    {
        var about = occurrence.Regarding;
        // Named by time, as the other writers of events do it, and apart when two fall on the same tick; 253 characters is the most.
        _lastName = Math.Max(_lastName + 1, occurrence.At.UtcTicks);
        var suffix = "." + _lastName.ToString("x", CultureInfo.InvariantCulture);
        var name = about.Name.Length + suffix.Length <= 253 ? about.Name : about.Name[..(253 - suffix.Length)];
        return new EventsV1Event
        {
            Metadata = new ObjectMeta { Name = name + suffix, Namespace = NamespaceOf(about) },
            EventTime = occurrence.At,
            ReportingController = reportingController,
            ReportingInstance = reportingInstance,
            Action = occurrence.Key.Action,
            Reason = occurrence.Key.Reason,
            Note = occurrence.Key.Note,
            Type = occurrence.Key.Type.ToString(),
            Regarding = new ObjectReference
            {
                ApiVersion = about.ApiVersion,
                Kind = about.Kind,
                Namespace = about.Namespace,
                Name = about.Name,
                Uid = about.Uid,
                ResourceVersion = about.ResourceVersion,
            },
        };
    }

    // Events about objects of the cluster itself live in the default namespace.
    private static string NamespaceOf(Regarding about) => about.Namespace ?? "default";

    private static string MicroTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private sealed class Series(string name)
    {
        public string Name { get; } = name;

        public int Count { get; set; } = 1;

        public int Written { get; set; } = 1;

        public long WrittenAt { get; set; }

        public DateTimeOffset LastAt { get; set; }
    }
}
