using System.Collections.Concurrent;
using Kubernetes.Controllers;

namespace Kubernetes.Tests.Widgets;

/// <summary>Records what it is called with, and does what a test tells it to.</summary>
internal sealed class WidgetController : IEntityController<Widget>, IEntityFinalizer<Widget>
{
    private readonly ConcurrentDictionary<string, int> _running = new();

    public ConcurrentQueue<Widget> Reconciled { get; } = new();

    public ConcurrentQueue<Widget> Deleted { get; } = new();

    public ConcurrentQueue<Widget> Finalized { get; } = new();

    /// <summary>True when one object was ever worked on twice at the same time.</summary>
    public bool Overlapped { get; private set; }

    public Func<Widget, CancellationToken, Task<ReconciliationResult<Widget>>> OnReconcile { get; set; } = (widget, _) =>
    {
        widget.Status.ObservedSize = widget.Spec.Size;
        widget.Status.ObservedGeneration = widget.Metadata.Generation;
        return Task.FromResult(ReconciliationResult<Widget>.Success(widget));
    };

    public Func<Widget, ReconciliationResult<Widget>> OnFinalize { get; set; } = widget => ReconciliationResult<Widget>.Success(widget);

    public int Times(string name) => Reconciled.Count(widget => widget.Metadata.Name == name);

    public async Task<ReconciliationResult<Widget>> ReconcileAsync(Widget entity, CancellationToken cancellationToken)
    {
        var name = entity.Metadata.Name;
        if (_running.AddOrUpdate(name, 1, (_, count) => count + 1) > 1)
            Overlapped = true;
        Reconciled.Enqueue(entity);
        try
        {
            return await OnReconcile(entity, cancellationToken);
        }
        finally
        {
            _running.AddOrUpdate(name, 0, (_, count) => count - 1);
        }
    }

    public Task<ReconciliationResult<Widget>> DeletedAsync(Widget entity, CancellationToken cancellationToken)
    {
        Deleted.Enqueue(entity);
        return Task.FromResult(ReconciliationResult<Widget>.Success(entity));
    }

    public Task<ReconciliationResult<Widget>> FinalizeAsync(Widget entity, CancellationToken cancellationToken)
    {
        Finalized.Enqueue(entity);
        return Task.FromResult(OnFinalize(entity));
    }
}
