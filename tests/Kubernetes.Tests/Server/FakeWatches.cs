using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Kubernetes.Tests.Server;

/// <summary>Serves watches, and ends, breaks or silences them at a test's command.</summary>
internal sealed class FakeWatches(FakeObjectStore store)
{
    private readonly ConcurrentDictionary<HttpContext, Running> _running = new();

    /// <summary>Watches that are being served.</summary>
    public int Count => _running.Count;

    /// <summary>
    /// True: watches go silent at their next change, for good, and are not ended, as if the network swallowed everything. Those that
    /// are opened after it is false again work.
    /// </summary>
    public bool Silent { get; set; }

    /// <summary>How many changes were kept back by the silence.</summary>
    public int Swallowed { get; private set; }

    /// <summary>The connections break.</summary>
    public void BreakAll()
    {
        foreach (var context in _running.Keys)
        {
            try
            {
                context.Abort();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself just now.
            }
        }
    }

    /// <summary>The server ends the watches in good order.</summary>
    public void EndAll()
    {
        foreach (var watch in _running.Values)
            watch.End.TrySetResult(null);
    }

    /// <summary>The server reports an error inside the watches, and ends them.</summary>
    public void FailAll(int code, string reason)
    {
        foreach (var watch in _running.Values)
            watch.End.TrySetResult(new JsonObject { ["kind"] = "Status", ["code"] = code, ["reason"] = reason, ["message"] = "said inside the watch" });
    }

    public async Task ServeAsync(HttpContext context, ReceivedRequest request, ApiPath path)
    {
        var watch = new Running { LabelSelector = request.Query["labelSelector"].FirstOrDefault() };
        _running[context] = watch;
        try
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.FlushAsync();
            var version = request.Query["sendInitialEvents"] == "true"
                ? await SendInitialAsync(context, path, watch)
                : long.Parse(request.Query["resourceVersion"]!, CultureInfo.InvariantCulture);
            await FollowAsync(context, path, watch, version);
        }
        catch (OperationCanceledException)
        {
            // The client went away.
        }
        finally
        {
            _running.TryRemove(context, out _);
        }
    }

    private async Task<long> SendInitialAsync(HttpContext context, ApiPath path, Running watch)
    {
        var version = store.Version;
        foreach (var item in store.List(path.Collection, path.Namespace, watch.LabelSelector))
            await SendAsync(context, "ADDED", FakeObjectStore.Public(item));
        await SendAsync(context, "BOOKMARK", Bookmark(version, ends: true));
        return version;
    }

    private async Task FollowAsync(HttpContext context, ApiPath path, Running watch, long version)
    {
        while (true)
        {
            if (store.ChangesSince(version) is not { } found)
            {
                await SendAsync(context, "ERROR", new JsonObject { ["kind"] = "Status", ["code"] = 410, ["reason"] = "Expired" });
                return;
            }

            foreach (var change in found.Changes)
            {
                version = change.Version;
                if (change.Collection != path.Collection || (path.Namespace is not null && change.Namespace != path.Namespace)
                    || !FakeObjectStore.IsSelected(change.Object, watch.LabelSelector))
                    continue;
                watch.Silenced |= Silent;
                if (watch.Silenced)
                    Swallowed++;
                else
                    await SendAsync(context, change.Type, change.Object);
            }

            await Task.WhenAny(found.Next, watch.End.Task).WaitAsync(context.RequestAborted);
            if (!watch.End.Task.IsCompleted)
                continue;
            if (watch.Silenced)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            if (await watch.End.Task is { } error)
                await SendAsync(context, "ERROR", error);
            return;
        }
    }

    public static JsonObject Bookmark(long version, bool ends)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (ends)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        return new JsonObject { ["kind"] = "Widget", ["apiVersion"] = "test.example.com/v1", ["metadata"] = metadata };
    }

    public static async Task SendAsync(HttpContext context, string type, JsonObject item)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = item.DeepClone() };
        await context.Response.WriteAsync(line.ToJsonString() + "\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private sealed class Running
    {
        public string? LabelSelector { get; init; }

        public bool Silenced { get; set; }

        public TaskCompletionSource<JsonObject?> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
