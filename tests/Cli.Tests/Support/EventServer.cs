using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Segmentation.Cli.Tests.Support;

/// <summary>
/// A real HTTP server on loopback that keeps to the contract of the operator's HTTP interface: it takes events that the engine can read, and
/// fails as told.
/// </summary>
internal sealed class EventServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<Fault> _faults = new();
    private int _requests;

    private EventServer(WebApplication application) => _application = application;

    public string Address => _application.Urls.Single();

    public string Workspace { get; init; } = "acme";

    public string? Token { get; init; }

    public int LargestBatch { get; init; } = int.MaxValue;

    /// <summary>How often each event id was taken.</summary>
    public ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>The latest form of each event that was taken.</summary>
    public ConcurrentDictionary<string, CustomerEvent> Events { get; } = new();

    /// <summary>The bodies of properties that were put, by profile, in their order.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<string>> Profiles { get; } = new();

    /// <summary>The paths of what was deleted, in their order.</summary>
    public ConcurrentQueue<string> Deleted { get; } = new();

    /// <summary>What GET requests below the workspace answer, by path and query.</summary>
    public ConcurrentDictionary<string, string> Documents { get; } = new();

    public int Requests => Volatile.Read(ref _requests);

    public int EventsTakenInAll => Taken.Values.Sum();

    /// <summary>Called before each batch is looked at.</summary>
    public Func<Task> BeforeBatch { get; set; } = static () => Task.CompletedTask;

    public static async Task<EventServer> StartAsync(Action<KestrelServerOptions>? configure = null, string? token = null, int largestBatch = int.MaxValue)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            configure?.Invoke(options);
        });
        WebApplication application = builder.Build();
        var server = new EventServer(application) { Token = token, LargestBatch = largestBatch };
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        return server;
    }

    public void FailNext(params Fault[] faults)
    {
        foreach (Fault fault in faults)
            _faults.Enqueue(fault);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        byte[] body = await ReadAsync(context.Request);
        _faults.TryDequeue(out Fault? fault);
        if (fault is Fault.Drop)
            context.Abort();
        else if (fault is Fault.Status status)
            await FailAsync(context, status);
        else if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}")
            await FailAsync(context, new Fault.Status(401, Error: "the bearer token is wrong or missing"));
        else if (!context.Request.Path.StartsWithSegments($"/v1/{Workspace}", StringComparison.Ordinal, out PathString rest))
            await FailAsync(context, new Fault.Status(404, Error: "there is no such workspace"));
        else
            await AnswerAsync(context, rest.Value!, body, fault);
    }

    private async Task AnswerAsync(HttpContext context, string path, byte[] body, Fault? fault)
    {
        switch (context.Request.Method)
        {
            case "POST" when path == "/events":
                await TakeAsync(context, body, fault);
                break;
            case "PUT" when path.StartsWith("/profiles/", StringComparison.Ordinal):
                await PutAsync(context, path["/profiles/".Length..], body);
                break;
            case "DELETE" when path.StartsWith("/profiles/", StringComparison.Ordinal):
                Deleted.Enqueue(path);
                context.Response.StatusCode = 202;
                break;
            case "GET" when Documents.TryGetValue(path + context.Request.QueryString, out string? document):
                await WriteAsync(context, 200, document);
                break;
            default:
                await FailAsync(context, new Fault.Status(404, Error: "there is no such thing"));
                break;
        }
    }

    private async Task TakeAsync(HttpContext context, byte[] body, Fault? fault)
    {
        await BeforeBatch();
        byte[][] lines = [.. Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)];
        if (lines.Length > LargestBatch)
        {
            await FailAsync(context, new Fault.Status(413, Error: "the body is too large"));
            return;
        }
        var rejected = new List<object>();
        long ignoredFields = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (EventJson.TryRead(lines[i], EventLimits.None, out CustomerEvent? taken, out EventError error, out int ignored))
                Take(taken);
            else
                rejected.Add(new { index = i, reason = error.ToString() });
            ignoredFields += ignored;
        }
        if (fault is Fault.DropAfterTaking)
            context.Abort();
        else
            await WriteAsync(context, rejected.Count == lines.Length ? 400 : 202,
                JsonSerializer.Serialize(new { accepted = lines.Length - rejected.Count, rejected, ignoredFields }));
    }

    private void Take(CustomerEvent taken)
    {
        Taken.AddOrUpdate(taken.Id, 1, static (_, count) => count + 1);
        Events[taken.Id] = taken;
    }

    private Task PutAsync(HttpContext context, string id, byte[] body)
    {
        string text = Encoding.UTF8.GetString(body);
        if (text.Contains("{}", StringComparison.Ordinal))
            return FailAsync(context, new Fault.Status(400, Error: "properties: is empty"));
        Profiles.GetOrAdd(id, static _ => new ConcurrentQueue<string>()).Enqueue(text);
        return WriteAsync(context, 202, "{}");
    }

    private static Task FailAsync(HttpContext context, Fault.Status status)
    {
        if (status.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString();
        return WriteAsync(context, status.Code, JsonSerializer.Serialize(new { error = status.Error ?? "later" }));
    }

    private static async Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
