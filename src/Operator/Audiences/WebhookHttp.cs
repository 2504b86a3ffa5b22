using System.Net.Http.Headers;

namespace Segmentation.Operator.Audiences;

/// <summary>The connections to all webhook destinations. Writes no logs: addresses may carry tokens in their query strings.</summary>
internal sealed class WebhookHttp : IDisposable
{
    public static readonly ProductInfoHeaderValue UserAgent =
        new("segmentation-operator", typeof(WebhookHttp).Assembly.GetName().Version?.ToString(3));

    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // a signed body goes where the spec says and nowhere else
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2), // so that a changed DNS entry is noticed
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ActivityHeadersPropagator = null,
    });

    /// <summary>Completes when the answer's headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    public void Dispose() => _invoker.Dispose();
}
