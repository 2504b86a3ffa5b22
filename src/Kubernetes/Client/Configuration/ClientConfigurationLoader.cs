namespace Kubernetes.Client.Configuration;

/// <summary>
/// Finds the configuration: an explicit kubeconfig, else the files in <c>KUBECONFIG</c>, else the pod's service account, else
/// <c>~/.kube/config</c>.
/// </summary>
public sealed class ClientConfigurationLoader(TimeProvider time, Func<string, string?> environment)
{
    public ClientConfigurationLoader(TimeProvider time)
        : this(time, Environment.GetEnvironmentVariable)
    {
    }

    /// <param name="kubeconfig">A path, or several joined as in <c>KUBECONFIG</c>; null to search.</param>
    /// <param name="context">The context's name; null for the current one. Not used in a pod.</param>
    /// <exception cref="ClientConfigurationException">Nothing was found, or what was found is wrong.</exception>
    public ClientConfiguration Load(string? kubeconfig = null, string? context = null)
    {
        if (!string.IsNullOrEmpty(kubeconfig))
            return FromFiles(kubeconfig, context);
        if (environment("KUBECONFIG") is { Length: > 0 } fromEnvironment)
            return FromFiles(fromEnvironment, context);
        if (InClusterConfiguration.IsPresent(environment))
            return InClusterConfiguration.Load(environment, time);
        if (environment("HOME") is { Length: > 0 } home && Path.Combine(home, ".kube", "config") is var file && File.Exists(file))
            return FromFiles(file, context);
        throw new ClientConfigurationException(
            "No Kubernetes configuration: not in a pod, no KUBECONFIG and no ~/.kube/config. Set KUBECONFIG to a kubeconfig file.");
    }

    private ClientConfiguration FromFiles(string paths, string? context)
    {
        var files = paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new KubeconfigResolver(Kubeconfig.Load(files), time, environment).Resolve(context);
    }
}
