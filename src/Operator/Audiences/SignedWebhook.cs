using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Segmentation.Resources;

namespace Segmentation.Operator.Audiences;

/// <summary>Posts batches as JSON, signed as Standard Webhooks 1.0 says. Redirects are not followed; answers are not read beyond their headers.</summary>
internal sealed class SignedWebhook(string workspace, WebhookDestination webhook, SigningSecrets secrets, WebhookHttp http, TimeProvider time)
    : IAudienceDestination
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<DeliveryResult?> CheckAsync(CancellationToken cancellationToken)
    {
        var secret = await SecretAsync(cancellationToken);
        return secret.Keys is null ? DeliveryResult.Misconfigured(secret.Reason, secret.Error) : null;
    }

    public async Task<DeliveryResult> DeliverAsync(AudienceBatch batch, CancellationToken cancellationToken)
    {
        var secret = await SecretAsync(cancellationToken);
        if (secret.Keys is null) return DeliveryResult.Misconfigured(secret.Reason, secret.Error);
        using var timeout = new CancellationTokenSource(webhook.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = Request(batch, secret.Keys);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return Judge(response);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return DeliveryResult.Unreachable("timed out after " + DurationText.Format((long)webhook.Timeout.TotalMilliseconds));
        }
        catch (HttpRequestException e)
        {
            return DeliveryResult.Unreachable(Describe(e));
        }
        catch (IOException)
        {
            return DeliveryResult.Unreachable("connection broken");
        }
    }

    private Task<SigningSecret> SecretAsync(CancellationToken cancellationToken) =>
        secrets.GetAsync(workspace, webhook.SigningSecretName, webhook.SigningSecretKey, cancellationToken);

    private HttpRequestMessage Request(AudienceBatch batch, SigningKeys keys)
    {
        var body = WebhookPayload.Write(batch);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Add("webhook-id", batch.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", keys.Sign(batch.Id, timestamp, body.Span));
        request.Headers.UserAgent.Add(WebhookHttp.UserAgent);
        return request;
    }

    private DeliveryResult Judge(HttpResponseMessage response)
    {
        var code = (int)response.StatusCode;
        var error = string.Create(CultureInfo.InvariantCulture, $"HTTP {code}");
        var retryAfter = RetryAfter(response.Headers.RetryAfter);
        return response.StatusCode switch
        {
            _ when response.IsSuccessStatusCode => DeliveryResult.Accepted,
            HttpStatusCode.Gone => DeliveryResult.Gone(error),
            HttpStatusCode.RequestEntityTooLarge => DeliveryResult.TooLarge(error),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests => DeliveryResult.Unreachable(error, retryAfter),
            _ when code is >= 300 and < 400 => DeliveryResult.Rejected(error + ", redirects are not followed", retryAfter),
            _ when code is >= 400 and < 500 => DeliveryResult.Rejected(error, retryAfter),
            _ => DeliveryResult.Unreachable(error, retryAfter),
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    // Never the exception's own text: it may hold the address with its query string.
    private static string Describe(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "host name not found",
        HttpRequestError.SecureConnectionError => "no TLS connection: certificate or protocol not accepted",
        HttpRequestError.ResponseEnded => "connection closed without an answer",
        HttpRequestError.ConnectionError when e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.ProxyTunnelError => "the proxy did not connect",
        _ => "no valid HTTP answer",
    };
}
