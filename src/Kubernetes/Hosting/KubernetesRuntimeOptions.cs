using Kubernetes.LeaderElection;

namespace Kubernetes.Hosting;

/// <summary>How this process uses the API server.</summary>
public sealed class KubernetesRuntimeOptions
{
    /// <summary>
    /// A kubeconfig's path, or several as in <c>KUBECONFIG</c>. Null: <c>KUBECONFIG</c>, the pod's service account,
    /// <c>~/.kube/config</c>.
    /// </summary>
    public string? Kubeconfig { get; set; }

    /// <summary>The kubeconfig's context; null: the current one.</summary>
    public string? Context { get; set; }

    /// <summary>The namespaces to watch; empty: all.</summary>
    public IList<string> Namespaces { get; set; } = [];

    /// <summary>
    /// Only objects with these labels are seen, as in <c>kubectl get -l</c>; empty: all. An object whose labels cease to match counts as deleted,
    /// without its finalizers being run.
    /// </summary>
    public string LabelSelector { get; set; } = "";

    /// <summary>
    /// The name under which server-side applies are recorded. Do not change it between versions: the old name would go on owning
    /// fields.
    /// </summary>
    public string FieldManager { get; set; } = "";

    /// <summary>Who writes events, for example <c>segmentation.dev/operator</c>; null: the field manager.</summary>
    public string? ReportingController { get; set; }

    /// <summary>Annotations whose change calls for a reconciliation, such as one that asks for it.</summary>
    public ISet<string> TriggerAnnotations { get; } = new HashSet<string>();

    /// <summary>Labels whose change calls for a reconciliation.</summary>
    public ISet<string> TriggerLabels { get; } = new HashSet<string>();

    /// <summary>One object's status is written five times at once at most, and then once per this time.</summary>
    public TimeSpan StatusInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long reconciliations and leader work may go on when the process is asked to stop.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public LeaderElectionOptions LeaderElection { get; } = new();

    /// <summary>
    /// The clock of the runtime's own waits and leases. Not taken from the container: a program that evaluates by another clock
    /// than the world's must still renew its lease by the world's.
    /// </summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    internal void Validate()
    {
        if (FieldManager.Length is 0 or > 128)
            throw new InvalidOperationException("FieldManager must have 1 to 128 characters: name this program, for example 'shop-operator'.");
        if (DrainTimeout < TimeSpan.Zero || StatusInterval < TimeSpan.Zero)
            throw new InvalidOperationException("DrainTimeout and StatusInterval must not be negative.");
        LeaderElection.Validate();
    }
}
