using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;

namespace Kubernetes.Client.Configuration;

/// <summary>Says who is asking, in the <c>Authorization</c> header.</summary>
public interface ICredential
{
    /// <summary>The header's value; null for none (a client certificate may speak instead).</summary>
    ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancellationToken);

    /// <summary>Called on 401. Forgets what was handed out last; true when asking again may give something else.</summary>
    bool Refused();
}

/// <summary>Gives the certificate that this client shows.</summary>
public interface IClientCertificateSource
{
    /// <summary>The same instance until the certificate changes.</summary>
    ValueTask<SslStreamCertificateContext?> CertificateAsync(CancellationToken cancellationToken);

    /// <summary>Called on 401. True when asking again may give another certificate.</summary>
    bool Refused();
}

/// <summary>A token or password that never changes.</summary>
public sealed class FixedCredential : ICredential
{
    private readonly AuthenticationHeaderValue _value;

    private FixedCredential(AuthenticationHeaderValue value) => _value = value;

    public static FixedCredential Token(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    public static FixedCredential Password(string user, string password) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancellationToken) => new(_value);

    public bool Refused() => false;
}

/// <summary>
/// A token in a file that somebody rotates, such as a projected service account token. Read again every minute and after a
/// 401; when that fails, the token read before is used on.
/// </summary>
public sealed class TokenFileCredential(string path, TimeProvider time) : ICredential
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private AuthenticationHeaderValue? _value;
    private long _readAt;
    private bool _stale = true;

    public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_stale || time.GetElapsedTime(_readAt) > Lifetime - Leeway)
                Read();
            return new(_value);
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
            var token = File.ReadAllText(path).Trim();
            if (token.Length == 0)
                throw new IOException("the file is empty");
            _value = new AuthenticationHeaderValue("Bearer", token);
            _stale = false;
            _readAt = time.GetTimestamp();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_value is null)
                throw new ClientConfigurationException($"Cannot read the token file {path}: {e.Message}.", e);
        }
    }
}
