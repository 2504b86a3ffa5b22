using System.Text.Json.Serialization.Metadata;
using Kubernetes.Client;
using Kubernetes.Controllers;
using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Kubernetes.Model;
using Kubernetes.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Kubernetes.Hosting;

/// <summary>The kinds, controllers and finalizers of a program, named one after the other.</summary>
public sealed class KubernetesRuntimeBuilder
{
    private readonly HashSet<Type> _entities = [];
    private readonly HashSet<Type> _controlled = [];
    private readonly List<FinalizerRegistration> _finalizers = [];

    internal KubernetesRuntimeBuilder(IServiceCollection services) => Services = services;

    public IServiceCollection Services { get; }

    /// <summary>Watches a kind on every replica and offers it as <see cref="EntityStore{T}"/>.</summary>
    public KubernetesRuntimeBuilder AddEntity<T>(JsonTypeInfo<T> json)
        where T : class, IKubernetesObject
    {
        if (!_entities.Add(typeof(T)))
            throw new InvalidOperationException($"{typeof(T).Name} was added twice.");
        Services.AddSingleton<EntityType>(new EntityType<T>(json));
        Services.AddSingleton(provider => new EntityStore<T>(provider.Scopes<T>()));
        Services.AddSingleton(provider => new EntityQueue<T>(
            new WorkQueue<EntityKey>(provider.Options().Clock, ActivatorUtilities.CreateInstance<QueueMetrics>(provider, QueueName<T>()))));
        Services.AddSingleton<IInformer>(provider => new Informer<T>(
            provider.GetRequiredService<KubernetesClient>(),
            provider.GetRequiredService<EntityStore<T>>(),
            provider.Scopes<T>(),
            provider.Options().LabelSelector is { Length: > 0 } selector ? selector : null,
            provider.GetRequiredService<InformerHealth>(),
            provider.Options().Clock,
            provider.GetRequiredService<ILogger<Informer<T>>>()));
        return this;
    }

    /// <summary>Reconciles a kind on the replica that leads. One controller per kind.</summary>
    /// <param name="workers">How many objects at the same time, at least 1.</param>
    public KubernetesRuntimeBuilder AddController<TController, T>(int workers = 1)
        where TController : class, IEntityController<T>
        where T : class, IKubernetesObject
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        Require<T>("AddController");
        if (!_controlled.Add(typeof(T)))
            throw new InvalidOperationException($"{typeof(T).Name} has a controller already; one queue of keys has one controller.");
        Services.TryAddScoped<TController>();
        Services.AddSingleton<IControllerLoop>(provider => CreateLoop<T>(provider, typeof(TController), workers));
        return this;
    }

    /// <summary>Puts a finalizer on every object of a kind that has a controller.</summary>
    /// <param name="name">As it stands in <c>metadata.finalizers</c>: <c>domain/name</c>.</param>
    public KubernetesRuntimeBuilder AddFinalizer<TFinalizer, T>(string name)
        where TFinalizer : class, IEntityFinalizer<T>
        where T : class, IKubernetesObject
    {
        if (name.Split('/') is not [{ Length: > 0 }, { Length: > 0 and <= 63 }])
            throw new ArgumentException($"A finalizer is named domain/name, not '{name}'.", nameof(name));
        if (!_controlled.Contains(typeof(T)))
            throw new InvalidOperationException($"AddFinalizer: add a controller for {typeof(T).Name} first; it does the finalizer's work.");
        Services.TryAddScoped<TFinalizer>();
        _finalizers.Add(new FinalizerRegistration(typeof(T), name, typeof(TFinalizer)));
        return this;
    }

    private ControllerLoop<T> CreateLoop<T>(IServiceProvider provider, Type controller, int workers)
        where T : class, IKubernetesObject
    {
        var options = provider.Options();
        var store = provider.GetRequiredService<EntityStore<T>>();
        var leadership = provider.GetRequiredService<Leadership>();
        var finalizers = _finalizers.Where(finalizer => finalizer.Entity == typeof(T)).ToList();
        var handlers = new ScopedEntityHandlers<T>(provider.GetRequiredService<IServiceScopeFactory>(), controller, finalizers);
        var reconciler = new Reconciler<T>(
            provider.GetRequiredService<KubernetesClient>(), store, handlers, [.. finalizers.Select(finalizer => finalizer.Name)],
            options.StatusInterval, leadership, options.Clock);
        return new ControllerLoop<T>(
            store,
            provider.GetRequiredService<EntityQueue<T>>(),
            reconciler,
            new ChangePredicate([.. options.TriggerAnnotations], [.. options.TriggerLabels]),
            ActivatorUtilities.CreateInstance<ControllerMetrics>(provider, QueueName<T>()),
            workers,
            leadership,
            options.Clock,
            provider.GetRequiredService<ILoggerFactory>().CreateLogger(controller));
    }

    private void Require<T>(string method)
    {
        if (!_entities.Contains(typeof(T)))
            throw new InvalidOperationException($"{method}: add the entity {typeof(T).Name} first.");
    }

    private static string QueueName<T>() => typeof(T).Name.ToLowerInvariant();
}
