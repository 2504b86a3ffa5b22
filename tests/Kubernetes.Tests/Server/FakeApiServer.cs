using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Tests.Server;

/// <summary>A request as it came in.</summary>
internal sealed record ReceivedRequest(string Method, string Path, IQueryCollection Query, string? Authorization, string Body, string? ContentType)
{
    public bool IsWatch => Query["watch"] == "true";

    public bool IsList => Method == "GET" && !IsWatch && ApiPath.Parse(Path).Name is null;
}

/// <summary>An API server over HTTP that behaves, until a test makes it misbehave.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    public const string Widgets = "apis/test.example.com/v1/widgets";

    private readonly WebApplication _app;
    private readonly FakeWatches _watches;

    private FakeApiServer(WebApplication app)
    {
        _app = app;
        _watches = new FakeWatches(Store);
    }

    public FakeObjectStore Store { get; } = new();

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    public Uri Address => new(_app.Urls.First() + "/");

    /// <summary>False: the server refuses to send the initial state in a watch, as those before 1.32 do.</summary>
    public bool SupportsWatchList { get; set; } = true;

    /// <summary>The most objects in one page of a list, whatever the client asks for; null for no bound.</summary>
    public int? PageSize { get; set; }

    /// <summary>Looks at every request first; true when it answered it.</summary>
    public Func<ReceivedRequest, HttpContext, Task<bool>>? Fault { get; set; }

    public FakeWatches Watches => _watches;

    public static async Task<FakeApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var server = new FakeApiServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    public JsonObject AddWidget(string name, int size = 1, string @namespace = "acme") => Store.Create(Widgets, WidgetPath(name, @namespace), new JsonObject
    {
        ["apiVersion"] = "test.example.com/v1",
        ["kind"] = "Widget",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace },
        ["spec"] = new JsonObject { ["size"] = size },
    });

    public void ChangeWidget(string name, Action<JsonObject> change, string @namespace = "acme")
    {
        Store.Change(WidgetPath(name, @namespace), widget =>
        {
            change(widget);
            return true;
        });
    }

    public JsonObject? Widget(string name, string @namespace = "acme") => Store.Get(WidgetPath(name, @namespace));

    public bool DeleteWidget(string name, string @namespace = "acme") => Store.Delete(WidgetPath(name, @namespace));

    public int Count(Func<ReceivedRequest, bool> which) => Requests.Count(which);

    public async ValueTask DisposeAsync()
    {
        Watches.BreakAll();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public static Task RefuseAsync(HttpContext context, int code, string reason, string message = "")
    {
        context.Response.StatusCode = code;
        return WriteAsync(context, new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["reason"] = reason, ["message"] = message, ["code"] = code,
        });
    }

    private static string WidgetPath(string name, string @namespace) => $"{Widgets}/{@namespace}/{name}";

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new ReceivedRequest(
            context.Request.Method, context.Request.Path.Value!, context.Request.Query, context.Request.Headers.Authorization.FirstOrDefault(),
            await reader.ReadToEndAsync(), context.Request.ContentType);
        Requests.Enqueue(request);
        if (Fault is { } fault && await fault(request, context))
            return;
        var path = ApiPath.Parse(request.Path);
        await (request switch
        {
            { IsWatch: true } when request.Query["sendInitialEvents"] == "true" && !SupportsWatchList =>
                RefuseAsync(context, 422, "Invalid", "sendInitialEvents is forbidden for watch"),
            { IsWatch: true } => _watches.ServeAsync(context, request, path),
            { Method: "GET" } when path.Name is null => ListAsync(context, request, path),
            { Method: "GET" } => AnswerAsync(context, Store.Get(path.ObjectPath)),
            { Method: "POST" } => CreateAsync(context, path, JsonNode.Parse(request.Body)!.AsObject()),
            { Method: "PATCH" } => PatchAsync(context, request, path),
            { Method: "DELETE" } => AnswerAsync(context, Store.Delete(path.ObjectPath) ? [] : null),
            _ => RefuseAsync(context, 405, "MethodNotAllowed"),
        });
    }

    private async Task ListAsync(HttpContext context, ReceivedRequest request, ApiPath path)
    {
        var all = Store.List(path.Collection, path.Namespace, request.Query["labelSelector"].FirstOrDefault());
        var start = request.Query["continue"].FirstOrDefault() is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var size = request.Query["limit"].Count > 0 && PageSize is { } bound ? bound : int.MaxValue;
        var metadata = new JsonObject { ["resourceVersion"] = Store.Version.ToString(CultureInfo.InvariantCulture) };
        if (all.Count - start > size)
            metadata["continue"] = (start + size).ToString(CultureInfo.InvariantCulture);
        await WriteAsync(context, new JsonObject
        {
            ["kind"] = "List",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. all.Skip(start).Take(size).Select(FakeObjectStore.Public)]),
        });
    }

    private Task CreateAsync(HttpContext context, ApiPath path, JsonObject body)
    {
        var name = body["metadata"]!["name"]!.GetValue<string>();
        var target = path with { Name = name };
        return Store.Get(target.ObjectPath) is not null
            ? RefuseAsync(context, 409, "AlreadyExists")
            : AnswerAsync(context, Store.Create(path.Collection, target.ObjectPath, body), 201);
    }

    private Task PatchAsync(HttpContext context, ReceivedRequest request, ApiPath path)
    {
        var patch = JsonNode.Parse(request.Body)!;
        var (stored, refused) = Store.Change(path.ObjectPath, current =>
        {
            var version = current["metadata"]!["resourceVersion"]!.DeepClone();
            return FakePatches.Apply(request.ContentType!, current, patch) && JsonNode.DeepEquals(version, current["metadata"]!["resourceVersion"]);
        });
        if (!refused)
            return AnswerAsync(context, stored);
        return request.ContentType == "application/json-patch+json"
            ? RefuseAsync(context, 422, "Invalid", "the test of the patch does not hold")
            : RefuseAsync(context, 409, "Conflict", "the object has been modified");
    }

    private static Task AnswerAsync(HttpContext context, JsonObject? item, int code = 200)
    {
        if (item is null)
            return RefuseAsync(context, 404, "NotFound");
        context.Response.StatusCode = code;
        return WriteAsync(context, FakeObjectStore.Public(item));
    }

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString());
    }
}
