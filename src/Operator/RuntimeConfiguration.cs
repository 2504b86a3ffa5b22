using System.Security.Cryptography;
using System.Text;
using Kubernetes.Hosting;
using Segmentation.Resources;

namespace Segmentation.Operator;

/// <summary>The configuration section <c>Kubernetes</c>.</summary>
internal static class RuntimeConfiguration
{
    public const string FieldManager = "segmentation-operator";

    public static void BindRuntime(this IConfigurationSection section, KubernetesRuntimeOptions options)
    {
        options.FieldManager = FieldManager;
        options.ReportingController = SegmentationApi.Group + "/operator";
        options.LeaderElection.LeaseName = FieldManager;
        options.LeaderElection.ReplicaLabel = SegmentationApi.Group + "/replica-of";

        // While the API server is away, nobody else can take over either, and orders keep coming. Should another replica lead after all, the
        // partitions' epochs in Redis refuse the former leader's commits, and it ends.
        options.LeaderElection.KeepLeadingWhileUnreachable = true;
        options.TriggerAnnotations.Add(SegmentationApi.ReconcileRequestedAnnotation);
        section.Bind(options);

        // Operators with different selectors lead side by side.
        if (options.LabelSelector.Length > 0 && options.LeaderElection.LeaseName == FieldManager)
            options.LeaderElection.LeaseName += "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.LabelSelector)))[..8];
    }
}
