using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Kubernetes.Client.Configuration;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Client;

/// <summary>
/// Sends requests: credentials, time limits, <c>Retry-After</c>, typed errors, metrics. Everything that fails comes out as a
/// <see cref="KubernetesException"/>, except a cancellation by the caller.
/// </summary>
public sealed class ApiTransport : IDisposable
{
    /// <summary>The longest an ordinary request may take; a watch is limited by its caller.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private readonly ClientConfiguration _configuration;
    private readonly HttpTransport _http;
    private readonly ClientMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public ApiTransport(ClientConfiguration configuration, ClientMetrics metrics, TimeProvider time, ILogger<ApiTransport> logger)
    {
        _configuration = configuration;
        _http = new HttpTransport(configuration);
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <exception cref="KubernetesException">The request did not succeed.</exception>
    public async Task<byte[]> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            using var timeout = new CancellationTokenSource(request.Timeout ?? DefaultTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            try
            {
                using var response = await SendOnceAsync(request, either.Token);
                return await response.Content.ReadAsByteArrayAsync(either.Token);
            }
            catch (ApiException e) when (RetryPolicy.Delay(e, tries, request.MaxTries) is { } delay)
            {
                Log.RequestPutOff(_logger, request.Method.Method, request.Path, (int)e.StatusCode, delay.TotalSeconds, tries);
                await Task.Delay(delay, _time, cancellationToken);
            }
            catch (Exception e) when (IsNoAnswer(e) && !cancellationToken.IsCancellationRequested)
            {
                throw NoAnswer(request, e, timeout.IsCancellationRequested);
            }
        }
    }

    /// <summary>
    /// Sends a request and hands over the answer's body as it comes. The time limit ends when the headers are there; the caller
    /// limits the rest and disposes of the response.
    /// </summary>
    /// <exception cref="KubernetesException">The request did not succeed.</exception>
    public async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(request.Timeout ?? DefaultTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await SendOnceAsync(request, either.Token);
        }
        catch (Exception e) when (IsNoAnswer(e) && !cancellationToken.IsCancellationRequested)
        {
            throw NoAnswer(request, e, timeout.IsCancellationRequested);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendOnceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var response = await TransmitAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && _http.Refused())
        {
            // A 401 was refused before anything was done, so every request may be repeated once with fresh credentials.
            response.Dispose();
            response = await TransmitAsync(request, cancellationToken);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await ErrorAsync(request, response, cancellationToken);
    }

    private async Task<HttpResponseMessage> TransmitAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, new Uri(_configuration.Server, request.Path));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        message.Headers.UserAgent.ParseAdd("kubernetes-runtime");
        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }

        var started = _time.GetTimestamp();
        var code = "<error>";
        try
        {
            var response = await _http.SendAsync(message, cancellationToken);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        finally
        {
            _metrics.Record(code, request.Method, _configuration.Server.Authority, _time.GetElapsedTime(started));
        }
    }

    private async Task<ApiException> ErrorAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        ApiStatus? status = null;
        try
        {
            status = JsonSerializer.Deserialize(body, ProtocolJson.Default.ApiStatus);
        }
        catch (JsonException)
        {
            // Proxies and overloaded servers answer in plain text; the code says enough.
        }

        return ApiException.From(request.ToString(), response.StatusCode, status, RetryAfter(response, status));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response, ApiStatus? status)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - _time.GetUtcNow(),
            _ => status?.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    // Credentials that cannot be had now (a plugin that fails) may be had later, like a server that cannot be reached.
    private static bool IsNoAnswer(Exception e) => 
        e is HttpRequestException or IOException or OperationCanceledException or ClientConfigurationException;

    private ServerUnreachableException NoAnswer(ApiRequest request, Exception e, bool timedOut) => new(
        timedOut
            ? $"{request}: no answer from {_configuration.Server.Authority} within {(request.Timeout ?? DefaultTimeout).TotalSeconds} s"
            : $"{request}: {_configuration.Server.Authority} cannot be reached: {e.InnerException?.Message ?? e.Message}",
        e);
}
