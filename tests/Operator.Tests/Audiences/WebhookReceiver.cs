using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Operator.Tests.Audiences;

/// <summary>A delivery as it arrived.</summary>
internal sealed record Delivery(string Id, string Timestamp, string Signature, string Body, string Path)
{
    public IReadOnlyList<(string ProfileId, string Action, string Cause)> Changes { get; } =
        [.. JsonDocument.Parse(Body).RootElement.GetProperty("data").GetProperty("changes").EnumerateArray()
            .Select(c => (c.GetProperty("profileId").GetString()!, c.GetProperty("action").GetString()!, c.GetProperty("cause").GetString()!))];
}

/// <summary>
/// A receiver of webhooks on loopback that can misbehave, and the one request of an API server that a destination needs: reading a Secret. Keeps
/// the audience that the accepted deliveries tell.
/// </summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string Secret = "whsec_QmFzZTY0IG9mIHR3ZW50eS1mb3VyIGJ5dGVz";

    private readonly WebApplication _app;
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private readonly ConcurrentDictionary<string, bool> _accepted = new();
    private readonly HashSet<string> _members = [];
    private readonly List<Delivery> _acceptedInOrder = [];
    private int _count;

    private WebhookReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public string Url => new Uri(Address, "hook?token=very-secret-token").ToString();

    /// <summary>By name: the value of the key <c>whsec</c>.</summary>
    public ConcurrentDictionary<string, string> Secrets { get; } = new() { ["crm"] = Secret };

    /// <summary>Answers when no answer was queued.</summary>
    public Func<HttpContext, Delivery, Task> Default { get; set; } = (context, _) => Status(context, 204);

    public IReadOnlySet<string> Members
    {
        get
        {
            lock (_members) return _members.ToHashSet();
        }
    }

    /// <summary>What a receiver that ignores ids it has seen has taken, in order.</summary>
    public IReadOnlyList<Delivery> Accepted
    {
        get
        {
            lock (_members) return [.. _acceptedInOrder];
        }
    }

    /// <summary>How many deliveries have arrived.</summary>
    public int Count => Volatile.Read(ref _count);

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.HandleAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Queues the answer to the next delivery that has none yet.</summary>
    public void Answer(int status, string? retryAfter = null) => Answer(context =>
    {
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Status(context, status);
    });

    public void Answer(Func<HttpContext, Task> answer) => _answers.Enqueue(answer);

    /// <summary>The next delivery, whether or not it was accepted.</summary>
    public async Task<Delivery> NextAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        return await _deliveries.Reader.ReadAsync(limit.Token);
    }

    public Task MembersBecomeAsync(IEnumerable<string> expected)
    {
        var wanted = expected.ToHashSet();
        return Eventually.HoldsAsync(() => Members.SetEquals(wanted), () => $"the audience has {wanted.Count} members; it has {Members.Count}");
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    public static Task Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/api/v1/namespaces/", StringComparison.Ordinal))
        {
            await AnswerSecretAsync(context, path.Split('/')[^1]);
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var delivery = Check(context, body.ToArray());
        Interlocked.Increment(ref _count);
        if (_answers.TryDequeue(out var answer)) await answer(context);
        else await Default(context, delivery);
        if (context.Response.StatusCode is >= 200 and < 300) Accept(delivery);
        await _deliveries.Writer.WriteAsync(delivery);
    }

    private static Delivery Check(HttpContext context, byte[] body)
    {
        context.Request.ContentType.ShouldBe("application/json");
        context.Request.Method.ShouldBe("POST");
        return new Delivery(
            context.Request.Headers["webhook-id"]!, context.Request.Headers["webhook-timestamp"]!, context.Request.Headers["webhook-signature"]!,
            Encoding.UTF8.GetString(body), context.Request.Path);
    }

    private void Accept(Delivery delivery)
    {
        if (!_accepted.TryAdd(delivery.Id, true)) return;
        lock (_members)
        {
            _acceptedInOrder.Add(delivery);
            foreach (var (profile, action, _) in delivery.Changes)
            {
                if (action == "added") _members.Add(profile);
                else _members.Remove(profile);
            }
        }
    }

    private Task AnswerSecretAsync(HttpContext context, string name)
    {
        if (!Secrets.TryGetValue(name, out var value))
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("""{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}""");
        }
        var data = Convert.ToBase64String(Encoding.UTF8.GetBytes(value));
        return context.Response.WriteAsync(
            $$$"""{"kind":"Secret","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"acme"},"data":{"whsec":"{{{data}}}"}}""");
    }
}
