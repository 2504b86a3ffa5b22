using Kubernetes.Hosting;
using Kubernetes.Informers;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Kubernetes.Tests.Widgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Tests.Hosting;

/// <summary>The whole runtime in a host, against a fake API server.</summary>
internal sealed class RunningRuntime : IAsyncDisposable
{
    public const string FinalizerName = "test.example.com/cleanup";

    private readonly string _kubeconfig = Path.Combine(Path.GetTempPath(), $"kubeconfig-{Guid.NewGuid():n}");
    private readonly IHost _host;

    private RunningRuntime(
        FakeApiServer server, bool withFinalizer, Action<KubernetesRuntimeOptions>? configure, Action<IServiceCollection>? services)
    {
        File.WriteAllText(_kubeconfig, $"""
            clusters:
            - name: test
              cluster:
                server: {server.Address}
            contexts:
            - name: test
              context:
                cluster: test
                namespace: operators
            current-context: test
            """);
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Controller);
        var runtime = builder.Services
            .AddKubernetesRuntime(options =>
            {
                options.Kubeconfig = _kubeconfig;
                options.FieldManager = "widget-operator";
                options.Clock = Time;
                options.LeaderElection.Enabled = false;
                options.TriggerAnnotations.Add("test.example.com/reconcile-requested-at");
                configure?.Invoke(options);
            })
            .AddEntity(WidgetJson.Default.Widget)
            .AddController<WidgetController, Widget>(workers: 4);
        if (withFinalizer)
            runtime.AddFinalizer<WidgetController, Widget>(FinalizerName);
        services?.Invoke(builder.Services);
        _host = builder.Build();
    }

    public ManualTime Time { get; } = new();

    public WidgetController Controller { get; } = new();

    public IServiceProvider Services => _host.Services;

    public EntityStore<Widget> Store => Get<EntityStore<Widget>>();

    public InformerHealth Health => Get<InformerHealth>();

    /// <param name="arrange">Prepares the controller before it is called for the first time.</param>
    public static async Task<RunningRuntime> StartAsync(
        FakeApiServer server, bool withFinalizer = false, Action<KubernetesRuntimeOptions>? configure = null, Action<WidgetController>? arrange = null,
        Action<IServiceCollection>? services = null)
    {
        var runtime = new RunningRuntime(server, withFinalizer, configure, services);
        arrange?.Invoke(runtime.Controller);
        await runtime._host.StartAsync();
        return runtime;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task StopAsync() => Wait.WithinLimitAsync(_host.StopAsync());

    /// <summary>Completes when the host was asked to stop.</summary>
    public CancellationToken Stopping => Get<IHostApplicationLifetime>().ApplicationStopping;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _host.Dispose();
        File.Delete(_kubeconfig);
    }
}
