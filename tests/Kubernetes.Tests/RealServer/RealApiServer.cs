using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Kubernetes.Tests.Time;

namespace Kubernetes.Tests.RealServer;

/// <summary>A real kube-apiserver with its etcd, on free loopback ports, in a folder of their own.</summary>
public sealed class RealApiServer : IAsyncLifetime
{
    private const string Token = "test-administrator";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"apiserver-{Guid.NewGuid():n}");
    private readonly List<Process> _processes = [];
    private readonly int _port = FreePort();
    private readonly int _etcdPort = FreePort();

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public static string? Binaries() =>
        Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } folder
        && File.Exists(Path.Combine(folder, "kube-apiserver")) && File.Exists(Path.Combine(folder, "etcd")) ? folder : null;

    public async Task InitializeAsync()
    {
        if (Binaries() is not { } binaries)
            return;
        Directory.CreateDirectory(_folder);
        StartEtcd(binaries);
        await WaitForAsync(new Uri($"http://127.0.0.1:{_etcdPort}/health"), token: null);
        await StartApiServerAsync(binaries);
        await WaitForAsync(new Uri($"https://127.0.0.1:{_port}/readyz"), Token);
        File.WriteAllText(Kubeconfig, $"""
            clusters:
            - name: real
              cluster:
                server: https://127.0.0.1:{_port}
                certificate-authority: {Path.Combine("certs", "apiserver.crt")}
            users:
            - name: administrator
              user:
                token: {Token}
            contexts:
            - name: real
              context:
                cluster: real
                user: administrator
            current-context: real
            """);
    }

    public async Task DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private void StartEtcd(string binaries)
    {
        var peers = $"http://127.0.0.1:{FreePort()}";
        var clients = $"http://127.0.0.1:{_etcdPort}";
        Start(
            binaries, "etcd", "--data-dir", Path.Combine(_folder, "etcd"), "--listen-client-urls", clients, "--advertise-client-urls", clients,
            "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", $"default={peers}", "--unsafe-no-fsync");
    }

    private async Task StartApiServerAsync(string binaries)
    {
        var tokens = Path.Combine(_folder, "tokens.csv");
        await File.WriteAllTextAsync(tokens, $"{Token},administrator,1,system:masters\n");
        var key = Path.Combine(_folder, "service-account.key");
        using (var rsa = RSA.Create(2048))
            await File.WriteAllTextAsync(key, rsa.ExportRSAPrivateKeyPem());
        Start(
            binaries, "kube-apiserver", $"--etcd-servers=http://127.0.0.1:{_etcdPort}",
            "--secure-port=" + _port.ToString(CultureInfo.InvariantCulture), "--bind-address=127.0.0.1",
            "--cert-dir=" + Path.Combine(_folder, "certs"), "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + key, "--service-account-signing-key-file=" + key, "--token-auth-file=" + tokens,
            "--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount");
    }

    private void Start(string folder, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, name)) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => File.AppendAllText(Path.Combine(_folder, name + ".log"), line.Data + "\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private static async Task WaitForAsync(Uri address, string? token)
    {
#pragma warning disable MA0039 // The server makes its own certificate as it starts; this only asks whether it has started.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
#pragma warning restore MA0039
        using var client = new HttpClient(handler);
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var ready = false;
        for (var tries = 0; !ready && tries < 300; tries++)
        {
            try
            {
                using var response = await client.GetAsync(address);
                ready = response.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Wait.BrieflyAsync(() => ready);
            if (!ready)
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        ready.ShouldBeTrue($"{address} did not become ready");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
