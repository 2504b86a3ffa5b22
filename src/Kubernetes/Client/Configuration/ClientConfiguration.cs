using System.Security.Cryptography.X509Certificates;

namespace Kubernetes.Client.Configuration;

/// <summary>Where the API server is, how to trust it and how to be known to it.</summary>
public sealed record ClientConfiguration
{
    /// <summary>The server's address; a path in it is kept in front of every request's path.</summary>
    public required Uri Server { get; init; }

    /// <summary>The only authorities trusted; null means those of the machine.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    public bool SkipTlsVerification { get; init; }

    /// <summary>The name in the server's certificate, when it is not that of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Null leaves it to the environment (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>).</summary>
    public Uri? Proxy { get; init; }

    public ICredential? Credential { get; init; }

    public IClientCertificateSource? ClientCertificate { get; init; }

    /// <summary>After how much silence of an HTTP/2 connection in use the server is asked whether it is there.</summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it may take to answer that before the connection is given up.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The namespace this process belongs to.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Where this was read from, for logs; carries no secret.</summary>
    public string Source { get; init; } = "given";
}

/// <summary>The configuration is missing or wrong; the message says where and how to mend it.</summary>
public sealed class ClientConfigurationException(string message, Exception? inner = null) : Exception(message, inner);
