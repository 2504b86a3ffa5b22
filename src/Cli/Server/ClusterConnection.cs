using Kubernetes.Client;
using Kubernetes.Client.Configuration;
using Kubernetes.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Segmentation.Resources;
using System.Diagnostics.Metrics;

namespace Segmentation.Cli.Server;

/// <summary>Reads objects of one namespace from the Kubernetes API server.</summary>
internal sealed class ClusterConnection : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ClientConfiguration _configuration;
    private readonly ApiTransport _transport;
    private readonly KubernetesClient _client;

    public ClusterConnection(ClientConfiguration configuration, string workspace, TimeProvider time)
    {
        _configuration = configuration;
        Workspace = workspace;
        var metrics = new ClientMetrics(_meters.GetRequiredService<IMeterFactory>());
        _transport = new ApiTransport(configuration, metrics, time, NullLogger<ApiTransport>.Instance);
        _client = new KubernetesClient(_transport, new EntityTypes([new EntityType<RfmPolicy>(ResourcesJson.Default.RfmPolicy)]), "kubectl-segment");
    }

    public string Workspace { get; }

    /// <exception cref="CliException">There is no such object, or the API server does not tell.</exception>
    public async Task<T> GetAsync<T>(string kind, string name, CancellationToken cancellation)
        where T : class, IKubernetesObject
    {
        try
        {
            if (await _client.FindAsync<T>(Workspace, name, cancellation) is { } found)
                return found;
            EntityList<T> others = await _client.ListAsync<T>(Workspace, null, cancellation);
            string[] names = [.. others.Items.Select(item => item.Metadata.Name)];
            throw new CliException(ExitCode.Refused,
                $"there is no {kind} '{name}' in the namespace {Workspace}{NearestName.Hint(name, names)}",
                names.Length == 0 ? "the namespace has none; another one is chosen with --workspace" : $"it has {string.Join(", ", names.Order(StringComparer.Ordinal))}");
        }
        catch (NotFoundException)
        {
            throw new CliException(ExitCode.Refused, $"the API server does not know the kind {kind}", "install the operator with its CRDs, or choose another --context");
        }
        catch (ServerUnreachableException failure)
        {
            throw new CliException(ExitCode.Unreachable, failure.Message, $"check the server of {_configuration.Source}");
        }
        catch (Exception failure) when (failure is UnauthorizedException or ForbiddenException)
        {
            throw new CliException(ExitCode.Refused, failure.Message, $"the credentials are those of {_configuration.Source}");
        }
        catch (KubernetesException failure)
        {
            throw new CliException(ExitCode.Failed, failure.Message);
        }
        catch (ClientConfigurationException failure)
        {
            throw CliException.BadInput(failure.Message);
        }
    }

    public void Dispose()
    {
        _transport.Dispose();
        _meters.Dispose();
    }
}
