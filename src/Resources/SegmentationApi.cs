namespace Segmentation.Resources;

/// <summary>The API group that the three kinds belong to.</summary>
public static class SegmentationApi
{
    public const string Group = "segmentation.dev";

    public const string Version = "v1alpha1";

    /// <summary>The <c>apiVersion</c> of every object of the group.</summary>
    public const string GroupVersion = Group + "/" + Version;

    /// <summary>Behind <c>kubectl get segmentation</c>.</summary>
    public const string Category = "segmentation";

    /// <summary>Set to any new value, asks for a reconcile now; echoed in <c>status.lastHandledReconcileAt</c>.</summary>
    public const string ReconcileRequestedAnnotation = Group + "/reconcile-requested-at";
}
