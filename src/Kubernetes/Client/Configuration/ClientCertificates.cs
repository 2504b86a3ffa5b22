using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kubernetes.Client.Configuration;

/// <summary>A client certificate given as text.</summary>
internal sealed class FixedClientCertificate(SslStreamCertificateContext certificate) : IClientCertificateSource
{
    public ValueTask<SslStreamCertificateContext?> CertificateAsync(CancellationToken cancellationToken) => new(certificate);

    public bool Refused() => false;
}

/// <summary>A client certificate in files that somebody rotates: looked at every minute and after a 401.</summary>
internal sealed class ClientCertificateFiles(string certificatePath, string keyPath, TimeProvider time) : IClientCertificateSource
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _certificate;
    private (string Certificate, string Key) _text;
    private long _readAt;
    private bool _stale = true;

    public ValueTask<SslStreamCertificateContext?> CertificateAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_stale || time.GetElapsedTime(_readAt) > Lifetime)
                Read();
            return new(_certificate);
        }
    }

    public bool Refused()
    {
        lock (_lock)
        {
            _stale = true;
            return true;
        }
    }

    private void Read()
    {
        try
        {
            var text = (File.ReadAllText(certificatePath), File.ReadAllText(keyPath));
            if (text != _text)
                _certificate = PemCertificates.Client(text.Item1, text.Item2, $"{certificatePath} and {keyPath}");
            _text = text;
            _stale = false;
            _readAt = time.GetTimestamp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ClientConfigurationException)
        {
            // Half of a pair may have been replaced when we looked: the old pair serves until both fit.
            if (_certificate is null)
                throw e as ClientConfigurationException
                    ?? new ClientConfigurationException($"Cannot read the client certificate: {e.Message}", e);
        }
    }
}

/// <summary>Reads certificates in PEM form.</summary>
internal static class PemCertificates
{
    /// <param name="source">Where the text came from, for the error.</param>
    public static SslStreamCertificateContext Client(string certificatePem, string keyPem, string source)
    {
        try
        {
            var leaf = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            return SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ClientConfigurationException(
                $"The client certificate in {source} cannot be used: {e.Message} It must be PEM, with the key that belongs to it.", e);
        }
    }

    /// <param name="source">Where the text came from, for the error.</param>
    public static X509Certificate2Collection Authorities(string pem, string source)
    {
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new ClientConfigurationException($"The certificate authority in {source} cannot be read: {e.Message}", e);
        }

        if (authorities.Count == 0)
            throw new ClientConfigurationException($"The certificate authority in {source} holds no PEM certificate.");
        return authorities;
    }
}
