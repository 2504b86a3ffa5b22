using System.Globalization;

namespace EndToEnd.Tests;

/// <summary>A real kube-apiserver with its etcd.</summary>
public sealed class ControlPlane(string folder)
{
    public const string OperatorAccount = "system:serviceaccount:segmentation-system:segmentation-operator";

    public string AdminKubeconfig => Path.Combine(folder, "kubeconfig");

    public Task StartAsync() =>
        LocalScript.RunAsync("control-plane.sh", "start", folder, "--until-exit-of", System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    public Task StopAsync() => LocalScript.RunAsync("control-plane.sh", "stop", folder);

    public Task StopApiServerAsync() => LocalScript.RunAsync("control-plane.sh", "stop", folder, "kube-apiserver");

    /// <summary>Writes a kubeconfig for one user and returns its path.</summary>
    public async Task<string> KubeconfigOfAsync(string user)
    {
        var path = Path.Combine(folder, user.Replace(':', '-') + ".kubeconfig");
        await File.WriteAllTextAsync(path, await LocalScript.RunAsync("control-plane.sh", "kubeconfig", folder, user));
        return path;
    }
}
