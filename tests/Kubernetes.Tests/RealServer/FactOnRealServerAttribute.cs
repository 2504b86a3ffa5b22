namespace Kubernetes.Tests.RealServer;

/// <summary>A test against a real kube-apiserver and etcd; skipped, with the reason, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactOnRealServerAttribute : FactAttribute
{
    public FactOnRealServerAttribute()
    {
        if (RealApiServer.Binaries() is null)
            Skip = "Set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver and etcd to run this against a real API server.";
    }
}
