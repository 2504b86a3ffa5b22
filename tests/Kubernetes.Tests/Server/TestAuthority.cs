using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kubernetes.Tests.Server;

/// <summary>A certificate authority for one test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _authority = Create();

    public string Pem => _authority.ExportCertificatePem();

    /// <summary>A server's certificate for a name and an address.</summary>
    public X509Certificate2 Server(string name, IPAddress? address = null)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (address is not null)
            names.AddIpAddress(address);
        return Issue(name, request => request.CertificateExtensions.Add(names.Build()));
    }

    /// <summary>A client's certificate.</summary>
    public X509Certificate2 Client(string name) => Issue(name, _ => { });

    public static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    public void Dispose() => _authority.Dispose();

    private static X509Certificate2 Create()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(From, To);
    }

    private X509Certificate2 Issue(string name, Action<CertificateRequest> extend)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        extend(request);
        using var certificate = request.Create(_authority, From.AddMinutes(1), To.AddMinutes(-1), RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);

        // Kestrel takes no key that exists in memory alone on some platforms.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    private static DateTimeOffset From => TimeProvider.System.GetUtcNow().AddDays(-1);

    private static DateTimeOffset To => TimeProvider.System.GetUtcNow().AddDays(1);
}
