using System.Net;
using System.Text.Json;
using Kubernetes.Client;
using Kubernetes.Model;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Informers;

/// <summary>
/// Keeps a store equal to one collection of the API server, for ever: first the whole state, then every change, and the whole
/// state again when the thread is lost. Nothing but its cancellation ends it.
/// </summary>
internal sealed class Reflector<T>(
    KubernetesClient client, EntityStore<T> store, string? scope, string? labelSelector, InformerRecord record, TimeProvider time, Random random,
    ILogger logger)
    where T : class, IKubernetesObject
{
    private static readonly TimeSpan TooShort = TimeSpan.FromSeconds(1);

    private readonly EntityType<T> _type = client.Types.Of<T>();
    private readonly InitialLister<T> _lister = new(client, scope, labelSelector);
    private readonly Backoff _backoff = new(
        TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30), resetAfter: TimeSpan.FromMinutes(2), time, random);

    // Where to go on watching; null when the whole state is needed first.
    private string? _resourceVersion;
    private bool _watchListRefused;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ContinueAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                var wait = Recover(e);
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ContinueAsync(CancellationToken cancellationToken)
    {
        if (_resourceVersion is null && _watchListRefused)
            await ListAsync(cancellationToken);
        await WatchAsync(cancellationToken);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var list = await _lister.ListAsync(cancellationToken);
        Succeeded();
        Replace(list.Items, list.Undecodable.Select(item => new UndecodableObjectKey(new(item.Namespace, item.Name), item.Error)));
        _resourceVersion = list.ResourceVersion;
    }

    /// <summary>One watch, from its opening to its end by the server. Begins with the whole state when that is needed.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var lifetime = TimeSpan.FromSeconds(300 + random.Next(300));
        // The server ends the watch at its lifetime. One that goes on is a connection that died without a word.
        using var deadline = new CancellationTokenSource(lifetime + TimeSpan.FromSeconds(15), time);
        var initial = _resourceVersion is null ? new InitialState<T>() : null;
        var query = WatchQuery(lifetime, initial is not null);
        var opened = time.GetTimestamp();
        var events = 0;
        try
        {
            await foreach (var line in client.WatchAsync(_type, scope, query, deadline, Succeeded, cancellationToken))
            {
                events++;
                if (line.Kind == WatchEventKind.Error)
                    throw WatchFailed(line.Status);
                if (initial is null)
                    Apply(line);
                else if (!line.EndsInitialEvents)
                    initial.Add(line);
                else
                    initial = Finish(initial, line);
            }
        }
        catch (ApiException e) when (
            initial is not null && events == 0 && e.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
        {
            Log.WatchListRefused(logger, _type.ToString(), e.Message);
            _watchListRefused = true;
            return;
        }

        if (initial is not null)
        {
            // A server or proxy that knows nothing of initial events: it took our wish for an ordinary watch.
            _watchListRefused = true;
            throw new BrokenWatchException($"The watch of {_type} ended before its initial state was complete.");
        }

        if (events == 0 && time.GetElapsedTime(opened) < TooShort)
            throw new BrokenWatchException($"The watch of {_type} ended at once, without an event.");
    }

    private string WatchQuery(TimeSpan lifetime, bool withInitialState)
    {
        var query = new QueryString();
        query.Add("watch", "true");
        query.Add("allowWatchBookmarks", "true");
        query.Add("timeoutSeconds", ((int)lifetime.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
        query.Add("labelSelector", labelSelector);
        if (withInitialState)
        {
            query.Add("sendInitialEvents", "true");
            query.Add("resourceVersionMatch", "NotOlderThan");
        }
        else
        {
            query.Add("resourceVersion", _resourceVersion);
        }

        return query.ToString();
    }

    private InitialState<T>? Finish(InitialState<T> initial, WatchEvent<T> bookmark)
    {
        Replace(initial.Objects, initial.Undecodable);
        _resourceVersion = bookmark.Metadata.ResourceVersion;
        return null;
    }

    private void Replace(IEnumerable<T> objects, IEnumerable<UndecodableObjectKey> undecodable)
    {
        var broken = undecodable.ToList();
        foreach (var item in broken)
            Log.ObjectUndecodable(logger, _type.ToString(), item.Key.ToString(), item.Error);
        var first = !store.HasSynced;
        store.Replace(scope, objects, broken);
        if (first)
            Log.Synced(logger, _type.ToString(), scope ?? "all namespaces", store.Count);
    }

    private void Apply(WatchEvent<T> change)
    {
        var key = new EntityKey(change.Metadata.Namespace, change.Metadata.Name);
        switch (change)
        {
            case { Kind: WatchEventKind.Bookmark }:
                break;
            case { Kind: WatchEventKind.Deleted }:
                store.Remove(key, change.Entity);
                break;
            case { Entity: { } entity }:
                store.Upsert(entity);
                break;
            default:
                Log.ObjectUndecodable(logger, _type.ToString(), key.ToString(), change.DecodeError ?? "");
                store.MarkUndecodable(key, change.DecodeError ?? "");
                break;
        }

        if (!string.IsNullOrEmpty(change.Metadata.ResourceVersion))
            _resourceVersion = change.Metadata.ResourceVersion;
    }

    private static ApiException WatchFailed(ApiStatus? status)
    {
        var wait = status?.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return ApiException.From("watch", (HttpStatusCode)(status?.Code ?? 500), status, wait);
    }

    /// <summary>Decides where to go on after a failure, and how long to wait before.</summary>
    private TimeSpan Recover(Exception failure)
    {
        var wait = _backoff.Next();
        switch (failure)
        {
            case GoneException:
                // Ordinary after a long absence or a compaction: the server forgot what came after our version.
                Log.Relisting(logger, _type.ToString(), failure.Message);
                _resourceVersion = null;
                return wait;
            case TooManyRequestsException { RetryAfter: var asked }:
                wait = asked > wait ? asked.Value : wait;
                break;
            case ServerUnreachableException or UnauthorizedException or ForbiddenException or BrokenWatchException or JsonException:
                break;
            default:
                // The server does not like where we want to go on, or something unforeseen: start from the whole state.
                _resourceVersion = null;
                break;
        }

        record.Failed(failure.Message);
        Log.WatchFailed(logger, _type.ToString(), scope ?? "all namespaces", wait.TotalSeconds, failure.Message);
        return wait;
    }

    private void Succeeded()
    {
        if (record.Succeeded() is { } outage)
            Log.WatchRecovered(logger, _type.ToString(), scope ?? "all namespaces", outage.TotalSeconds);
    }

    private sealed class BrokenWatchException(string message) : Exception(message);
}
