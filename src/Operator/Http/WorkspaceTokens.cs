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
    private const string ForAll = "token";
    private const string ForIngestion = "ingest-token";
    private const int MaxNamespaceLength = 63;
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (long ReadAt, TokenDigests Digests)> _known = new();

    /// <summary>No Secret, or one without the keys, opens nothing. While the API server is away, what was known stays good.</summary>
    /// <returns>Null when nothing is known, for the Secret could not be read so far.</returns>
    public async Task<TokenDigests?> OfAsync(string workspace, CancellationToken cancellationToken)
    {
        if (workspace.Length > MaxNamespaceLength) return TokenDigests.None;
        if (_known.TryGetValue(workspace, out var known) && time.GetElapsedTime(known.ReadAt) < Freshness) return known.Digests;
        try
        {
            var secret = await client.FindAsync<V1Secret>(workspace, options.Value.TokenSecret, cancellationToken);
            var digests = new TokenDigests(Read(secret, ForAll), Read(secret, ForIngestion));
            _known[workspace] = (time.GetTimestamp(), digests);
            return digests;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.TokenSecretUnreadable(logger, workspace, e.GetType().Name);
            if (known.Digests is null) return null;
            _known[workspace] = (time.GetTimestamp(), known.Digests); // not every request waits for the next attempt
            return known.Digests;
        }
    }

    private static byte[][] Read(V1Secret? secret, string key) =>
        secret?.Data is not { } data || !data.TryGetValue(key, out var tokens) ? []
            : [.. Encoding.UTF8.GetString(tokens).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(t => SHA256.HashData(Encoding.UTF8.GetBytes(t)))];
}

/// <summary>The tokens of a workspace, as SHA-256 digests.</summary>
/// <param name="ForAll">They open every route.</param>
/// <param name="ForIngestion">They open the routes that take data in and tell nothing (<see cref="IngestionRoute"/>).</param>
internal sealed record TokenDigests(byte[][] ForAll, byte[][] ForIngestion)
{
    public static TokenDigests None { get; } = new([], []);
}

/// <summary>Marks a route that takes data in and tells nothing: what a shop server needs.</summary>
internal sealed class IngestionRoute
{
    public static IngestionRoute Instance { get; } = new();
}
