using System.Net;
using Kubernetes.Client;
using Kubernetes.Client.Configuration;
using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kubernetes.Tests.Client;

/// <summary>What a kubeconfig says of the connection, over real TLS.</summary>
public sealed class ConnectionTests : IDisposable
{
    private const string ServerName = "api.cluster.example";
    private static readonly ApiRequest Read = new(HttpMethod.Get, "version");

    private readonly string _folder = Directory.CreateTempSubdirectory("connection-").FullName;
    private readonly TestAuthority _authority = new();
    private readonly TestMeters _meters = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task The_authority_of_the_kubeconfig_is_trusted_and_HTTP2_spoken()
    {
        await using var server = await TlsServer.StartAsync(_authority.Server(ServerName, IPAddress.Loopback));
        using var transport = Connect(server.Port, Authority());

        await transport.SendAsync(Read, CancellationToken.None);

        server.Requests.ShouldHaveSingleItem().Protocol.ShouldBe("HTTP/2");
    }

    [Fact]
    public async Task Another_authority_and_another_name_are_not_trusted_unless_the_kubeconfig_says_so()
    {
        await using var server = await TlsServer.StartAsync(_authority.Server(ServerName));
        using var other = new TestAuthority();

        await Should.ThrowAsync<ServerUnreachableException>(() => SendAsync(server.Port, Authority(other)));
        await Should.ThrowAsync<ServerUnreachableException>(() => SendAsync(server.Port, Authority()));
        server.Requests.ShouldBeEmpty();

        await SendAsync(server.Port, Authority(), "tls-server-name: " + ServerName);
        server.Requests.ShouldHaveSingleItem().Host.ShouldBe(ServerName);
        await SendAsync(server.Port, "insecure-skip-tls-verify: true");
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_proxy_of_the_kubeconfig_is_gone_through()
    {
        await using var server = await TlsServer.StartAsync(_authority.Server(ServerName, IPAddress.Loopback));
        await using var proxy = new TcpRelay(IPAddress.Loopback, server.Port);

        await SendAsync(server.Port, Authority(), $"proxy-url: http://127.0.0.1:{proxy.Port}");

        proxy.Tunnels.ShouldBe(1);
        server.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_client_certificate_that_was_rotated_is_shown_within_a_minute()
    {
        await using var server = await TlsServer.StartAsync(_authority.Server(ServerName, IPAddress.Loopback));
        Rotate("before");
        using var transport = Connect(server.Port, Authority(), user: "client-certificate: client.crt\n    client-key: client.key");

        await transport.SendAsync(Read, CancellationToken.None);
        Rotate("after");
        _time.Advance(TimeSpan.FromSeconds(61));
        await transport.SendAsync(Read, CancellationToken.None);

        server.Requests.Select(request => request.Client).ShouldBe(["CN=before", "CN=after"]);
    }

    [Fact]
    public async Task The_certificate_of_a_plugin_is_shown()
    {
        await using var server = await TlsServer.StartAsync(_authority.Server(ServerName, IPAddress.Loopback));
        using var certificate = _authority.Client("from the plugin");
        File.WriteAllText(Path.Combine(_folder, "credential.json"), System.Text.Json.JsonSerializer.Serialize(new
        {
            apiVersion = "client.authentication.k8s.io/v1",
            kind = "ExecCredential",
            status = new { clientCertificateData = certificate.ExportCertificatePem(), clientKeyData = TestAuthority.KeyPem(certificate) },
        }));
        var exec = $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: cat, args: [\"{Path.Combine(_folder, "credential.json")}\"]}}";
        using var transport = Connect(server.Port, Authority(), user: exec);

        await transport.SendAsync(Read, CancellationToken.None);

        server.Requests.ShouldHaveSingleItem().Client.ShouldBe("CN=from the plugin");
    }

    [Fact]
    public async Task A_dead_connection_is_noticed_by_its_pings_although_nothing_but_a_silent_watch_runs_on_it()
    {
        await using var server = await TlsServer.StartAsync(_authority.Server(ServerName, IPAddress.Loopback));
        await using var relay = new TcpRelay(IPAddress.Loopback, server.Port);
        using var transport = Connect(
            relay.Port, Authority(), change: configuration => configuration with { PingDelay = TimeSpan.FromSeconds(1), PingTimeout = TimeSpan.FromSeconds(1) });
        using var response = await transport.OpenAsync(new ApiRequest(HttpMethod.Get, "widgets?watch=true"), CancellationToken.None);
        var stream = await response.Content.ReadAsStreamAsync();
        var reading = stream.ReadAsync(new byte[1]).AsTask();

        relay.SwallowEverything();

        await Should.ThrowAsync<IOException>(Wait.WithinLimitAsync(reading));
        await transport.SendAsync(Read, CancellationToken.None); // on a new connection
        relay.Connections.ShouldBe(2);
    }

    [Fact]
    public void Pings_notice_a_dead_connection_within_a_minute()
    {
        var configuration = new ClientConfiguration { Server = new Uri("https://localhost") };

        (configuration.PingDelay + configuration.PingTimeout).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _meters.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SendAsync(int port, params string[] cluster)
    {
        using var transport = Connect(port, string.Join("\n    ", cluster));
        await transport.SendAsync(Read, CancellationToken.None);
    }

    private ApiTransport Connect(int port, string cluster, string user = "token: test", Func<ClientConfiguration, ClientConfiguration>? change = null)
    {
        var path = Path.Combine(_folder, "kubeconfig");
        File.WriteAllText(path, $$"""
            clusters:
            - name: test
              cluster:
                server: https://127.0.0.1:{{port}}
                {{cluster}}
            users:
            - name: test
              user:
                {{user}}
            contexts:
            - name: test
              context: {cluster: test, user: test}
            current-context: test
            """);
        var configuration = new ClientConfigurationLoader(_time).Load(path, context: null);
        return new ApiTransport(change?.Invoke(configuration) ?? configuration, new ClientMetrics(_meters), TimeProvider.System, NullLogger<ApiTransport>.Instance);
    }

    private string Authority(TestAuthority? authority = null)
    {
        var path = Path.Combine(_folder, $"authority-{Guid.NewGuid():n}.crt");
        File.WriteAllText(path, (authority ?? _authority).Pem);
        return "certificate-authority: " + path;
    }

    private void Rotate(string name)
    {
        using var certificate = _authority.Client(name);
        File.WriteAllText(Path.Combine(_folder, "client.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "client.key"), TestAuthority.KeyPem(certificate));
    }
}
