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
        options.TriggerAnnotations.Add(SegmentationApi.ReconcileRequestedAnnotation);
        section.Bind(options);
    }
}
