using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>A real kube-apiserver with its etcd.</summary>
public sealed class ControlPlane(string folder)
{
    public const string OperatorAccount = "system:serviceaccount:segmentation-system:segmentation-operator";

    public string AdminKubeconfig => Path.Combine(folder, "kubeconfig");

    public Task StartAsync() =>
        LocalScript.RunAsync(
            "control-plane.sh", "start", folder, "--audit", OperatorAccount, "--until-exit-of", System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    public Task StopAsync() => LocalScript.RunAsync("control-plane.sh", "stop", folder);

    public Task StopApiServerAsync() => LocalScript.RunAsync("control-plane.sh", "stop", folder, "kube-apiserver");

    /// <summary>SIGKILL, as a machine that fails: watches break off without a word.</summary>
    public Task KillApiServerAsync() =>
        LocalScript.WithLibraryAsync("""signal_group KILL "$(running_pid "$1" kube-apiserver)"; halt "$1" kube-apiserver""", [folder]);

    /// <summary>Makes etcd forget every version but the newest, through its own JSON interface: a watch from before is answered with 410.</summary>
    public async Task CompactAsync()
    {
        using var etcd = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{File.ReadAllText(Path.Combine(folder, "etcd.port")).Trim()}/v3/kv/") };
        var newest = (await AnswerAsync("range", new { key = "AA==" })).GetProperty("header").GetProperty("revision").GetString();
        await AnswerAsync("compaction", new { revision = newest, physical = true });

        async Task<JsonElement> AnswerAsync(string call, object body)
        {
            using var response = await etcd.PostAsJsonAsync(call, body);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    /// <summary>What the operator's account has asked of the server so far, in order, without the bodies.</summary>
    public IReadOnlyList<AuditedRequest> AuditedRequests() =>
        [.. File.ReadLines(Path.Combine(folder, "audit.log")).Select(AuditedRequest.Parse).OfType<AuditedRequest>()];

    /// <summary>Writes a kubeconfig for one user and returns its path.</summary>
    public async Task<string> KubeconfigOfAsync(string user)
    {
        var path = Path.Combine(folder, user.Replace(':', '-') + ".kubeconfig");
        await File.WriteAllTextAsync(path, await LocalScript.RunAsync("control-plane.sh", "kubeconfig", folder, user));
        return path;
    }
}
