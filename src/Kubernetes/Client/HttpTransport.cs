using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Kubernetes.Client.Configuration;

namespace Kubernetes.Client;

/// <summary>
/// The connections to one API server. HTTP/2 where the server speaks it, with pings, so that a dead connection is noticed
/// within a minute even while nothing but a silent watch runs on it.
/// </summary>
internal sealed class HttpTransport(ClientConfiguration configuration) : IDisposable
{
    private readonly Lock _lock = new();
    private HttpMessageInvoker? _invoker;
    private SslStreamCertificateContext? _certificate;

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        // The handler takes the name it verifies (and sends as SNI) from the Host header; there is no other way to set it.
        if (configuration.TlsServerName is { } name)
            request.Headers.Host = name;
        if (configuration.Credential is { } credential)
            request.Headers.Authorization = await credential.AuthorizeAsync(cancellationToken);
        var certificate = configuration.ClientCertificate is { } source ? await source.CertificateAsync(cancellationToken) : null;
        return await Invoker(certificate).SendAsync(request, cancellationToken);
    }

    /// <summary>Called on 401; true when the next try may carry other credentials.</summary>
    public bool Refused()
    {
        var token = configuration.Credential?.Refused() ?? false;
        var certificate = configuration.ClientCertificate?.Refused() ?? false;
        return token || certificate;
    }

    public void Dispose() => _invoker?.Dispose();

    private HttpMessageInvoker Invoker(SslStreamCertificateContext? certificate)
    {
        lock (_lock)
        {
            // A new certificate needs new connections. The old ones serve their running watches and then idle out.
            if (_invoker is null || !ReferenceEquals(_certificate, certificate))
            {
                _invoker = new HttpMessageInvoker(CreateHandler(certificate));
                _certificate = certificate;
            }

            return _invoker;
        }
    }

    private SocketsHttpHandler CreateHandler(SslStreamCertificateContext? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = configuration.PingDelay,
            KeepAlivePingTimeout = configuration.PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
            AutomaticDecompression = DecompressionMethods.GZip,
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions { ClientCertificateContext = certificate },
        };
        if (configuration.Proxy is { } proxy)
            handler.Proxy = new WebProxy(proxy);
        Trust(handler.SslOptions);
        return handler;
    }

    private void Trust(SslClientAuthenticationOptions tls)
    {
        if (configuration.SkipTlsVerification)
        {
#pragma warning disable CA5359 // The kubeconfig says insecure-skip-tls-verify in so many words.
            tls.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (configuration.CertificateAuthorities is { } authorities)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
    }
}
