using Kubernetes.Informers;
using Kubernetes.Model;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>What the API server's objects ask for, from the informers' stores: no request, and it works while the API server is away.</summary>
[EntityRbac(typeof(Segment), typeof(RfmPolicy), typeof(AudienceSync), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch)]
internal sealed class DeclarationReader(EntityStore<Segment> segments, EntityStore<RfmPolicy> policies, EntityStore<AudienceSync> syncs)
{
    /// <summary>Whether all objects have been seen once, so that what is missing is really gone.</summary>
    public bool HasSynced => segments.HasSynced && policies.HasSynced && syncs.HasSynced;

    public IReadOnlySet<string> Workspaces() =>
        segments.Namespaces().Concat(policies.Namespaces()).Concat(syncs.Namespaces()).ToHashSet();

    /// <summary>A workspace exists as soon as one object of any of the three kinds is in its namespace.</summary>
    public bool IsWorkspace(string name) =>
        segments.List(name).Count > 0 || policies.List(name).Count > 0 || syncs.List(name).Count > 0;

    public Declarations Read(string workspace) => new(
        segments.List(workspace).Where(s => s.Metadata.DeletionTimestamp is null)
            .ToDictionary(s => s.Metadata.Name, s => new Declared<SegmentSpec>(s.Spec, s.Metadata.Generation)),
        policies.List(workspace).Where(p => p.Metadata.DeletionTimestamp is null)
            .ToDictionary(p => p.Metadata.Name, p => new Declared<RfmPolicySpec>(p.Spec, p.Metadata.Generation)),
        syncs.List(workspace).Where(s => s.Metadata.DeletionTimestamp is null)
            .GroupBy(s => s.Spec.SegmentRef.Name)
            .ToDictionary(group => group.Key, group => string.Join(' ', group.Select(s => s.Metadata.Uid).Order(StringComparer.Ordinal))));

    /// <summary>Calls back with the namespace of every object that is there and of every change.</summary>
    public IDisposable Subscribe(Action<string> changed)
    {
        var subscriptions = new[]
        {
            segments.Subscribe(c => changed(c.Entity.Metadata.Namespace!)),
            policies.Subscribe(c => changed(c.Entity.Metadata.Namespace!)),
            syncs.Subscribe(c => changed(c.Entity.Metadata.Namespace!)),
        };
        return new Subscriptions(subscriptions);
    }

    private sealed class Subscriptions(IDisposable[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var subscription in all) subscription.Dispose();
        }
    }
}
