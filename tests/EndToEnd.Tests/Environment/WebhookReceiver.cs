using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>
/// The other side of an AudienceSync: checks signatures as Standard Webhooks say, remembers the audience as the deliveries tell it, and refuses
/// the first attempts when asked to.
/// </summary>
internal sealed class WebhookReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, bool> _audience = new();
    private readonly Task _serving;
    private int _refusalsLeft;

    public WebhookReceiver(int refusals = 0)
    {
        _refusalsLeft = refusals;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public string Secret => "whsec_" + Convert.ToBase64String(_key);

    public IEnumerable<string> Audience => _audience.Keys.Order(StringComparer.Ordinal);

    /// <summary>The ids of the attempts, in order; a repeated delivery keeps its id.</summary>
    public ConcurrentQueue<string> Attempts { get; } = new();

    /// <summary>What was wrong with deliveries; empty when all were right.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    public void Dispose()
    {
        _listener.Stop();
        _serving.GetAwaiter().GetResult();
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                context.Response.StatusCode = await AnswerAsync(context.Request);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                if (!_listener.IsListening) return;
            }
        }
    }

    private async Task<int> AnswerAsync(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        var id = request.Headers["webhook-id"] ?? "";
        Attempts.Enqueue(id);
        if (!IsSigned(request, id, body.ToArray())) Complaints.Enqueue($"{id}: the signature does not match");
        if (Interlocked.Decrement(ref _refusalsLeft) >= 0) return 503;

        using var document = JsonDocument.Parse(body.ToArray());
        foreach (var change in document.RootElement.GetProperty("data").GetProperty("changes").EnumerateArray())
        {
            var profile = change.GetProperty("profileId").GetString()!;
            if (change.GetProperty("action").GetString() == "added") _audience[profile] = true;
            else _audience.TryRemove(profile, out _);
        }

        return 204;
    }

    private bool IsSigned(HttpListenerRequest request, string id, byte[] body)
    {
        var timestamp = request.Headers["webhook-timestamp"] ?? "";
        if (!long.TryParse(timestamp, CultureInfo.InvariantCulture, out _)) return false;
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return (request.Headers["webhook-signature"] ?? "").Split(' ').Contains("v1," + Convert.ToBase64String(HMACSHA256.HashData(_key, signed)));
    }
}
