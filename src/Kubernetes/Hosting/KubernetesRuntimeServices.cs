using System.Security.Cryptography;
using System.Text;
using Kubernetes.Client;
using Kubernetes.Client.Configuration;
using Kubernetes.Events;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Model;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kubernetes.Hosting;

/// <summary>Registers the runtime.</summary>
public static class KubernetesRuntimeServices
{
    /// <summary>
    /// Adds the client, informers, controllers, leader election and events. The options are checked, and the kubeconfig is read, when the
    /// program starts.
    /// </summary>
    public static KubernetesRuntimeBuilder AddKubernetesRuntime(this IServiceCollection services, Action<KubernetesRuntimeOptions> configure)
    {
        services.AddMetrics();
        services.AddLogging();
        services.AddOptions<KubernetesRuntimeOptions>().Configure(configure).PostConfigure(options => options.Validate());
        // The host must not cut short what the drain timeout allows, nor the release of the lease after it.
        services.AddOptions<HostOptions>().Configure<IOptions<KubernetesRuntimeOptions>>((host, runtime) =>
        {
            var needed = runtime.Value.DrainTimeout + TimeSpan.FromSeconds(15);
            host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
        });
        services.AddSingleton(provider =>
        {
            var options = provider.Options();
            return new ClientConfigurationLoader(options.Clock).Load(options.Kubeconfig, options.Context);
        });
        AddClient(services);
        AddLeadership(services);
        AddEvents(services);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<InformerHealth>(provider, provider.Options().Clock));
        services.AddHostedService<RuntimeHost>();
        return new KubernetesRuntimeBuilder(services);
    }

    /// <summary>Runs this on the replica that leads, for as long as it does.</summary>
    public static IServiceCollection AddLeaderWork<T>(this IServiceCollection services)
        where T : class, ILeaderWork =>
        services.AddSingleton<ILeaderWork, T>();

    /// <summary>Runs this on every replica; see <see cref="LiveReplicas"/> for who else does.</summary>
    public static IServiceCollection AddReplicaWork<T>(this IServiceCollection services)
        where T : class, IReplicaWork =>
        services.AddSingleton<IReplicaWork, T>();

    internal static KubernetesRuntimeOptions Options(this IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<KubernetesRuntimeOptions>>().Value;

    /// <summary>The namespaces that a kind is watched in; empty: all, or the cluster.</summary>
    internal static IReadOnlyCollection<string> Scopes<T>(this IServiceProvider provider)
        where T : class, IKubernetesObject =>
        provider.GetRequiredService<EntityTypes>().Of<T>().Scope == EntityScope.Cluster ? [] : [.. provider.Options().Namespaces.Distinct()];

    private static void AddClient(IServiceCollection services)
    {
        services.AddSingleton<EntityTypes>();
        services.AddSingleton<ClientMetrics>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ApiTransport>(provider, provider.Options().Clock));
        services.AddSingleton(provider => new KubernetesClient(
            provider.GetRequiredService<ApiTransport>(), provider.GetRequiredService<EntityTypes>(), provider.Options().FieldManager));
    }

    private static void AddLeadership(IServiceCollection services)
    {
        services.AddSingleton(provider => new ReplicaIdentity(
            provider.Options().LeaderElection.Identity ?? $"{Environment.MachineName}_{RandomNumberGenerator.GetHexString(10, lowercase: true)}"));
        services.AddSingleton(provider => new Leadership(provider.Options().Clock));
        services.AddSingleton(provider => provider.Options() is { LeaderElection: { SharesWork: true } election } options
            ? new LiveReplicas(provider.GetRequiredService<ReplicaIdentity>().Name, election.LeaseDuration, options.Clock)
            : LiveReplicas.Alone(provider.GetRequiredService<ReplicaIdentity>().Name));
        services.AddSingleton(provider =>
        {
            var options = provider.Options();
            var client = provider.GetRequiredService<KubernetesClient>();
            var replicas = provider.GetRequiredService<LiveReplicas>();
            var @namespace = LeaseNamespace(provider);
            var name = $"{options.LeaderElection.LeaseName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(replicas.Self)))[..12]}";
            var labels = new Dictionary<string, string> { [options.LeaderElection.ReplicaLabel] = options.LeaderElection.LeaseName };
            return ActivatorUtilities.CreateInstance<ReplicaLease>(
                provider, options.LeaderElection, new LeaseRecord(client, @namespace, name, labels), client, @namespace, replicas, options.Clock);
        });
        services.AddSingleton(provider =>
        {
            var options = provider.Options();
            var record = new LeaseRecord(provider.GetRequiredService<KubernetesClient>(), LeaseNamespace(provider), options.LeaderElection.LeaseName);
            return ActivatorUtilities.CreateInstance<LeaderElector>(
                provider, options.LeaderElection, record, provider.GetRequiredService<ReplicaIdentity>().Name, options.Clock, new Random());
        });
    }

    private static string LeaseNamespace(IServiceProvider provider) =>
        provider.Options().LeaderElection.LeaseNamespace ?? provider.GetRequiredService<ClientConfiguration>().Namespace;

    private static void AddEvents(IServiceCollection services)
    {
        services.AddSingleton<EventMetrics>();
        services.AddSingleton(provider => new EntityEvents(
            provider.GetRequiredService<EntityTypes>(), provider.GetRequiredService<EventMetrics>(), provider.Options().Clock));
        services.AddSingleton(provider => new EventWriter(
            provider.GetRequiredService<EntityEvents>(),
            provider.GetRequiredService<KubernetesClient>(),
            provider.Options().ReportingController ?? provider.Options().FieldManager,
            provider.GetRequiredService<ReplicaIdentity>().Name,
            provider.GetRequiredService<EventMetrics>(),
            provider.Options().Clock,
            provider.GetRequiredService<ILogger<EventWriter>>()));
    }
}

/// <summary>What this replica calls itself in leases and events.</summary>
public sealed record ReplicaIdentity(string Name);
