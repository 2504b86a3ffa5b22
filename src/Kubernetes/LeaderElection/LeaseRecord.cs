using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kubernetes.Client;
using Kubernetes.Model;

namespace Kubernetes.LeaderElection;

/// <summary>Reads and writes one lease. Writes change its spec only, and only when nobody wrote in between.</summary>
[EntityRbac(typeof(V1Lease), Verbs = RbacVerb.Get | RbacVerb.Create | RbacVerb.Patch, OwnNamespaceOnly = true)]
internal sealed class LeaseRecord(KubernetesClient client, string @namespace, string name, IDictionary<string, string>? labels = null)
{
    public override string ToString() => $"{@namespace}/{name}";

    public async Task<V1Lease?> ReadAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var type = client.Types.Of<V1Lease>();
        var request = new ApiRequest(HttpMethod.Get, type.Path(@namespace, name)) { Timeout = timeout, MaxTries = 1 };
        try
        {
            return type.Read(await client.SendAsync(request, cancellationToken));
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="AlreadyExistsException">Another replica was faster.</exception>
    public async Task<V1Lease> CreateAsync(V1LeaseSpec spec, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var type = client.Types.Of<V1Lease>();
        var lease = type.Complete(new V1Lease { Metadata = new ObjectMeta { Name = name, Namespace = @namespace, Labels = labels }, Spec = spec });
        var request = new ApiRequest(HttpMethod.Post, type.Path(@namespace))
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(lease, KubernetesJson.Default.V1Lease),
            Timeout = timeout,
            MaxTries = 1,
        };
        return type.Read(await client.SendAsync(request, cancellationToken));
    }

    /// <exception cref="ConflictException">Somebody wrote since this version.</exception>
    public Task<V1Lease> WriteAsync(string resourceVersion, V1LeaseSpec spec, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // A merge patch with the version in it: as safe as replacing the object, and what we do not know of it stays.
        var fields = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = resourceVersion },
            ["spec"] = JsonNode.Parse(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(spec, KubernetesJson.Default.V1LeaseSpec))),
        };
        return client.PatchAsync<V1Lease>(
            @namespace, name, Patch.Merge(fields), subresource: null, force: false, timeout, maxTries: 1, cancellationToken);
    }
}
