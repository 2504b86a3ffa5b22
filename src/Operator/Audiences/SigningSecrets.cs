using System.Collections.Concurrent;
using Kubernetes.Client;
using Kubernetes.Model;
using Microsoft.Extensions.Options;

namespace Segmentation.Operator.Audiences;

/// <summary>
/// Signing keys from Secrets, read again after <see cref="AudienceOptions.SecretFreshness"/>. While the API server is away, keys that were good
/// stay good.
/// </summary>
internal sealed class SigningSecrets(KubernetesClient client, IOptions<AudienceOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Namespace, string Name, string Key), (long ReadAt, SigningSecret Secret)> _known = new();

    public async Task<SigningSecret> GetAsync(string @namespace, string name, string key, CancellationToken cancellationToken)
    {
        var place = (@namespace, name, key);
        if (_known.TryGetValue(place, out var known) && time.GetElapsedTime(known.ReadAt) < options.Value.SecretFreshness) return known.Secret;
        var readAt = time.GetTimestamp();
        SigningSecret secret;
        try
        {
            secret = Read(await client.FindAsync<V1Secret>(@namespace, name, cancellationToken), name, key);
        }
        catch (ForbiddenException)
        {
            secret = SigningSecret.Unusable(AudienceReasons.SecretUnreadable, $"the operator is not allowed to read Secret {name}; grant it get on secrets in this namespace");
        }
        catch (KubernetesException)
        {
            return known.Secret is { Keys: not null } good
                ? good
                : SigningSecret.Unusable(AudienceReasons.SecretUnreadable, $"the API server could not be asked for Secret {name}");
        }
        if (secret.Keys is not null) _known[place] = (readAt, secret); // one that is mended must not be waited for
        return secret;
    }

    private static SigningSecret Read(V1Secret? secret, string name, string key)
    {
        if (secret is null) return SigningSecret.Unusable(AudienceReasons.SecretNotFound, $"Secret {name} does not exist");
        if (secret.Data?.TryGetValue(key, out var value) != true)
            return SigningSecret.Unusable(AudienceReasons.SecretNotFound, $"Secret {name} has no key {key}");
        return SigningKeys.TryParse(value, out var keys, out var error)
            ? new SigningSecret(keys, "", "")
            : SigningSecret.Unusable(AudienceReasons.InvalidSecret, $"key {key} of Secret {name} {error}");
    }
}

/// <summary>Keys, or why there are none.</summary>
internal sealed record SigningSecret(SigningKeys? Keys, string Reason, string Error)
{
    public static SigningSecret Unusable(string reason, string error) => new(null, reason, error);
}
