using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Kubernetes.Client;
using Kubernetes.Model;
using Microsoft.Extensions.Options;

namespace Segmentation.Operator.Http;

/// <summary>The digests of the bearer tokens that open a workspace, from a Secret in its namespace; read again after half a minute.</summary>
[EntityRbac(typeof(V1Secret), Verbs = RbacVerb.Get)]
internal sealed class WorkspaceTokens(KubernetesClient client, IOptions<HttpOptions> options, TimeProvider time, ILogger<WorkspaceTokens> logger)
{
    private const string Key = "token";
    private const int MaxNamespaceLength = 63;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (long ReadAt, byte[][] Digests)> _known = new();

    /// <summary>No Secret, or one without the key, opens nothing. While the API server is away, what was known stays good.</summary>
    public async Task<IReadOnlyList<byte[]>> OfAsync(string workspace, CancellationToken cancellationToken)
    {
        if (workspace.Length > MaxNamespaceLength) return [];
        if (_known.TryGetValue(workspace, out var known) && time.GetElapsedTime(known.ReadAt) < Freshness) return known.Digests;
        try
        {
            var secret = await client.FindAsync<V1Secret>(workspace, options.Value.TokenSecret, cancellationToken);
            var digests = Digests(secret?.Data?.TryGetValue(Key, out var value) == true ? Encoding.UTF8.GetString(value) : "");
            _known[workspace] = (time.GetTimestamp(), digests);
            return digests;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.TokenSecretUnreadable(logger, workspace, e.GetType().Name);
            if (known.Digests is null) return [];
            _known[workspace] = (time.GetTimestamp(), known.Digests); // not every request waits for the next attempt
            return known.Digests;
        }
    }

    private static byte[][] Digests(string tokens) =>
        [.. tokens.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(t => SHA256.HashData(Encoding.UTF8.GetBytes(t)))];
}
