using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Segmentation.Cli.Server;

/// <summary>
/// Sends requests that are safe to repeat, and repeats them while the server is away (no connection, 502, 503, 504) or asks to wait (429), until
/// no request of this connection has got through for <see cref="ServerSettings.RetryFor"/>.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    private static readonly TimeSpan _longestBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _longestAttempt = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly ServerSettings _settings;
    private readonly TimeProvider _time;
    private long _lastReply;

    public ServerConnection(ServerSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _lastReply = time.GetTimestamp();
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // A redirect would turn a POST into a GET and lose the token: the address is wrong, and saying so helps more.
            AllowAutoRedirect = false,
            // A proxy for the outside world cannot reach a port-forward on this machine.
            UseProxy = !settings.Address.IsLoopback,
        };
        _http = new HttpClient(handler) { BaseAddress = settings.Address, Timeout = _longestAttempt };
        if (settings.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Called with the reason whenever a request has to wait before it is repeated.</summary>
    public Action<string>? Waiting { get; init; }

    /// <summary>Sends a request below <c>/v1/{workspace}/</c> until it is answered with something else than "later".</summary>
    /// <param name="method">An idempotent one, or a POST that the server deduplicates.</param>
    /// <param name="path">Relative to the workspace, its variable parts escaped.</param>
    /// <param name="body">Sent again on each attempt.</param>
    /// <param name="contentType">Null when there is no body.</param>
    /// <param name="cancellation">Gives up at once.</param>
    /// <exception cref="CliException">No request got through for too long.</exception>
    public async Task<ServerReply> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancellation)
    {
        var uri = new Uri($"v1/{Uri.EscapeDataString(_settings.Workspace)}/{path}", UriKind.Relative);
        long started = _time.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            Attempt made = await TryOnceAsync(method, uri, body, contentType, cancellation);
            if (made.Reply is { } reply)
            {
                Interlocked.Exchange(ref _lastReply, _time.GetTimestamp());
                return reply;
            }
            TimeSpan wait = made.RetryAfter ?? Backoff(attempt);
            long since = Math.Max(started, Interlocked.Read(ref _lastReply));
            if (_time.GetElapsedTime(since) + wait > _settings.RetryFor)
                throw Unreachable(made.Problem!);
            Waiting?.Invoke(made.Problem!);
            await Task.Delay(wait, _time, cancellation);
        }
    }

    public Task<ServerReply> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, default, null, cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<Attempt> TryOnceAsync(
        HttpMethod method, Uri uri, ReadOnlyMemory<byte> body, string? contentType, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, uri);
        if (contentType is not null)
        {
            request.Content = new ReadOnlyMemoryContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
            if (IsLater(response.StatusCode))
                return new Attempt(null, $"the server answers {(int)response.StatusCode} {response.StatusCode}", RetryAfter(response));
            return new Attempt(new ServerReply(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation)), null, null);
        }
        catch (HttpRequestException failure)
        {
            return new Attempt(null, failure.Message, null);
        }
        catch (IOException failure)
        {
            return new Attempt(null, failure.Message, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Attempt(null, $"no answer within {_longestAttempt.TotalSeconds} s", null);
        }
    }

    private static bool IsLater(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        RetryConditionHeaderValue? header = response.Headers.RetryAfter;
        TimeSpan? wait = header?.Delta ?? (header?.Date - _time.GetUtcNow());
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>Doubles from 100 ms; the jitter keeps parallel requests from coming back in step.</summary>
    private static TimeSpan Backoff(int attempt)
    {
        double ceilingMs = Math.Min(_longestBackoff.TotalMilliseconds, 100 * Math.Pow(2, Math.Min(attempt, 20)));
        return TimeSpan.FromMilliseconds(ceilingMs * (0.5 + (System.Security.Cryptography.RandomNumberGenerator.GetInt32(500) / 1000.0)));
    }

    private CliException Unreachable(string problem) => new(ExitCode.Unreachable,
        string.Create(CultureInfo.InvariantCulture, $"{_settings.Address} did not get through for {_settings.RetryFor.TotalSeconds} s: {problem}"),
        "check --server, and that the operator runs (kubectl port-forward makes it reachable from here)");

    private readonly record struct Attempt(ServerReply? Reply, string? Problem, TimeSpan? RetryAfter);
}
