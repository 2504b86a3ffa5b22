using System.Globalization;

namespace EndToEnd.Tests;

/// <summary>The operator as a process of its own, with the rights of its service account and a clock that tests may move.</summary>
/// <param name="name">Its process and log; two replicas need two.</param>
/// <param name="more">Settings besides the usual ones.</param>
public sealed class OperatorProcess(
    string folder, string kubeconfig, Func<string> redisPort, string name = "operator", IReadOnlyDictionary<string, string>? more = null)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "segmentation-operator.dll");

    private int _port;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public string Log => File.ReadAllText(Path.Combine(folder, name + ".log"));

    /// <summary>Starts it, on the port that it had before, and returns when it is ready.</summary>
    public async Task StartAsync()
    {
        if (_port == 0) _port = int.Parse(await LocalScript.WithLibraryAsync("free_port", []), CultureInfo.InvariantCulture);
        await LocalScript.WithLibraryAsync(
            """launch "$1" "$2" dotnet "$3" --urls "$4"; guard "$1" "$2-guard" "$5" bash -c 'source "$0"; halt "$1" "$2"' "$local_dir/lib.sh" "$1" "$2" """,
            [folder, name, Program, Address.ToString(), System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture)],
            Settings());
        await WaitUntilReadyAsync();
    }

    public Task<string> ProcessIdAsync() => LocalScript.WithLibraryAsync("""running_pid "$1" "$2" """, [folder, name]);

    public async Task<bool> IsRunningAsync() => await LocalScript.WithLibraryAsync("""running_pid "$1" "$2" >/dev/null && echo yes || echo no""", [folder, name]) == "yes";

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task StopAsync() => LocalScript.WithLibraryAsync("""halt "$1" "$2-guard"; halt "$1" "$2" 35""", [folder, name]);

    /// <summary>SIGKILL: nothing is finished, nothing is given up in order.</summary>
    public async Task KillAsync()
    {
        await LocalScript.WithLibraryAsync("""signal_group KILL "$(running_pid "$1" "$2")"; halt "$1" "$2"; halt "$1" "$2-guard" """, [folder, name]);
    }

    /// <summary>SIGSTOP: it is there and does nothing, as on a machine that is out of breath.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>One line of /proc/PID/status, such as VmHWM, the most memory that it ever had, in mebibytes.</summary>
    public async Task<long> MemoryMebibytesAsync(string line = "VmHWM")
    {
        var text = File.ReadLines($"/proc/{await ProcessIdAsync()}/status").Single(l => l.StartsWith(line + ":", StringComparison.Ordinal));
        return long.Parse(text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }

    private async Task SignalAsync(string signal) => await LocalScript.WithLibraryAsync("""signal_group "$3" "$(running_pid "$1" "$2")" """, [folder, name, signal]);

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        try
        {
            await Eventually.BecomesTrueAsync(async () => (await client.GetAsync(new Uri("readyz", UriKind.Relative))).IsSuccessStatusCode, "the operator is ready");
        }
        catch (TimeoutException e)
        {
            var log = Log;
            throw new InvalidOperationException($"{e.Message}\n{log[^Math.Min(log.Length, 4000)..]}", e);
        }
    }

    // Short leases: a killed operator's successor need not wait long. The proportions are the defaults'.
    private Dictionary<string, string> Settings() => new Dictionary<string, string>
    {
        ["Redis__Configuration"] = "127.0.0.1:" + redisPort(),
        ["Kubernetes__Kubeconfig"] = kubeconfig,
        ["Kubernetes__LeaderElection__LeaseNamespace"] = "segmentation-system",
        ["Kubernetes__LeaderElection__LeaseDuration"] = "00:00:06",
        ["Kubernetes__LeaderElection__RenewDeadline"] = "00:00:04",
        ["Kubernetes__LeaderElection__RetryPeriod"] = "00:00:01",
        ["DataPlane__TestClock"] = "true",
        ["DOTNET_ENVIRONMENT"] = "Production",
    }.Concat(more ?? new Dictionary<string, string>()).GroupBy(setting => setting.Key).ToDictionary(setting => setting.Key, setting => setting.Last().Value);
}
