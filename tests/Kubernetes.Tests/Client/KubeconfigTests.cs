using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kubernetes.Client.Configuration;
using Kubernetes.Tests.Time;

namespace Kubernetes.Tests.Client;

public sealed class KubeconfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kubeconfig-").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private readonly ManualTime _time = new();

    [Fact]
    public void Files_are_merged_the_first_to_name_something_wins_and_missing_files_do_not_matter()
    {
        var first = Write("first", """
            clusters: [{name: a, cluster: {server: "https://first"}}]
            contexts: [{name: one, context: {cluster: a, namespace: team}}]
            """);
        var second = Write("second", """
            clusters: [{name: a, cluster: {server: "https://second"}}, {name: b, cluster: {server: "https://b:6443/prefix"}}]
            contexts: [{name: two, context: {cluster: b}}]
            current-context: one
            """);
        _environment["KUBECONFIG"] = string.Join(Path.PathSeparator, Path.Combine(_folder, "missing"), first, second);

        Load().Server.ShouldBe(new Uri("https://first/"));
        Load().Namespace.ShouldBe("team");
        Load(context: "two").Server.ShouldBe(new Uri("https://b:6443/prefix/"));
    }

    [Fact]
    public async Task Relative_paths_start_at_the_file_that_holds_them()
    {
        var (certificate, key, authority) = MakeCertificate();
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        Write("sub/ca.pem", authority);
        Write("sub/token", "from-a-file\n");
        Write("sub/client.pem", certificate);
        Write("sub/client.key", key);
        var file = Write("sub/config", """
            clusters: [{name: a, cluster: {server: "https://a", certificate-authority: ca.pem, tls-server-name: kubernetes, proxy-url: "socks5://proxy:1080"}}]
            users: [{name: u, user: {tokenFile: ./token, client-certificate: client.pem, client-key: client.key}}]
            contexts: [{name: c, context: {cluster: a, user: u}}]
            current-context: c
            """);

        var configuration = Load(file);

        configuration.CertificateAuthorities!.Count.ShouldBe(1);
        configuration.TlsServerName.ShouldBe("kubernetes");
        configuration.Proxy.ShouldBe(new Uri("socks5://proxy:1080"));
        (await configuration.Credential!.AuthorizeAsync(CancellationToken.None))!.ToString().ShouldBe("Bearer from-a-file");
        (await configuration.ClientCertificate!.CertificateAsync(CancellationToken.None))!.TargetCertificate.HasPrivateKey.ShouldBeTrue();
    }

    [Fact]
    public async Task Inline_certificates_and_tokens_are_read()
    {
        var (certificate, key, authority) = MakeCertificate();
        var file = Write("config", $"""
            clusters:
            - name: a
              cluster:
                server: https://a
                certificate-authority-data: {Base64(authority)}
            users:
            - name: u
              user:
                token: abc
                client-certificate-data: {Base64(certificate)}
                client-key-data: {Base64(key)}
            contexts:
            - name: c
              context:
                cluster: a
                user: u
            """);

        var configuration = Load(file);

        (await configuration.Credential!.AuthorizeAsync(CancellationToken.None))!.Parameter.ShouldBe("abc");
        (await configuration.ClientCertificate!.CertificateAsync(CancellationToken.None)).ShouldNotBeNull();
        configuration.SkipTlsVerification.ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_certificate_in_files_is_read_again_when_it_was_rotated()
    {
        var (certificate, key, _) = MakeCertificate();
        Write("client.pem", certificate);
        Write("client.key", key);
        var file = Write("config", """
            clusters: [{name: a, cluster: {server: "https://a"}}]
            users: [{name: u, user: {client-certificate: client.pem, client-key: client.key}}]
            contexts: [{name: c, context: {cluster: a, user: u}}]
            """);
        var source = Load(file).ClientCertificate!;
        var before = await source.CertificateAsync(CancellationToken.None);
        (await source.CertificateAsync(CancellationToken.None)).ShouldBeSameAs(before);

        var (rotated, rotatedKey, _) = MakeCertificate();
        Write("client.pem", rotated); // caught between the two files
        _time.Advance(TimeSpan.FromSeconds(61));
        (await source.CertificateAsync(CancellationToken.None)).ShouldBeSameAs(before);
        Write("client.key", rotatedKey);
        _time.Advance(TimeSpan.FromSeconds(61));
        (await source.CertificateAsync(CancellationToken.None))!.TargetCertificate.Thumbprint.ShouldNotBe(before!.TargetCertificate.Thumbprint);
    }

    [Fact]
    public async Task A_token_file_is_read_again_within_a_minute_at_once_when_refused_and_the_old_token_serves_when_that_fails()
    {
        var path = Write("token", "one");
        var credential = new TokenFileCredential(path, _time);
        (await TokenAsync(credential)).ShouldBe("one");

        Write("token", "two");
        _time.Advance(TimeSpan.FromSeconds(40));
        (await TokenAsync(credential)).ShouldBe("one");
        _time.Advance(TimeSpan.FromSeconds(15));
        (await TokenAsync(credential)).ShouldBe("two");

        Write("token", "three");
        credential.Refused().ShouldBeTrue();
        (await TokenAsync(credential)).ShouldBe("three");

        File.Delete(path);
        _time.Advance(TimeSpan.FromMinutes(2));
        (await TokenAsync(credential)).ShouldBe("three");
    }

    [Fact]
    public async Task An_exec_plugin_gets_its_arguments_one_by_one_runs_once_and_again_when_refused()
    {
        var plugin = Write("plugin.sh", """
            #!/bin/sh
            echo "$#:$1:$2:$GREETING" >> "$(dirname "$0")/calls"
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$(wc -l < "$(dirname "$0")/calls" | tr -d ' ')"'"}}'
            """);
        var credential = Load(Write("config", """
            clusters: [{name: a, cluster: {server: "https://a"}}]
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: sh
                  args: [PLUGIN, "two words", 'quote " and $HOME']
                  env: [{name: GREETING, value: hello}]
            contexts: [{name: c, context: {cluster: a, user: u}}]
            """.Replace("PLUGIN", plugin, StringComparison.Ordinal))).Credential!;

        var tokens = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TokenAsync(credential)));
        tokens.ShouldAllBe(token => token == "1");
        credential.Refused().ShouldBeTrue();
        (await TokenAsync(credential)).ShouldBe("2");
        File.ReadAllLines(Path.Combine(_folder, "calls"))[0].ShouldBe("2:two words:quote \" and $HOME:hello");
    }

    [Fact]
    public async Task A_plugin_that_is_not_installed_is_named_with_the_hint_how_to_install_it()
    {
        var credential = Load(Write("config", """
            clusters: [{name: a, cluster: {server: "https://a"}}]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, installHint: "Get it from the app store."}}}]
            contexts: [{name: c, context: {cluster: a, user: u}}]
            """)).Credential!;

        var error = await Should.ThrowAsync<ClientConfigurationException>(async () => await TokenAsync(credential));
        error.Message.ShouldContain("no-such-plugin");
        error.Message.ShouldContain("Get it from the app store.");
    }

    [Theory]
    [InlineData("contexts: [{name: c, context: {cluster: nowhere}}]", "no cluster 'nowhere'")]
    [InlineData("current-context: x\ncontexts: [{name: c, context: {cluster: a}}]", "no context 'x'; it has c")]
    [InlineData("clusters: [{name: a, cluster: {server: 'ftp://a'}}]\ncontexts: [{name: c, context: {cluster: a}}]", "not an http(s) address")]
    [InlineData("a: [", "line")]
    [InlineData("clusters: [{name: a, cluster: {server: 'https://a', certificate-authority-data: '%%'}}]\ncontexts: [{name: c, context: {cluster: a}}]", "certificate-authority-data is not base64")]
    public void Mistakes_are_named(string yaml, string message) =>
        Should.Throw<ClientConfigurationException>(() => Load(Write("config", yaml))).Message.ShouldContain(message);

    [Fact]
    public void Without_any_configuration_the_error_says_what_to_set() =>
        Should.Throw<ClientConfigurationException>(() => Load()).Message.ShouldContain("KUBECONFIG");

    [Fact]
    public async Task In_a_pod_the_service_account_is_used()
    {
        Write("token", "pod-token");
        Write("namespace", "my-namespace");
        Write("ca.crt", MakeCertificate().Authority);
        _environment["KUBERNETES_SERVICE_HOST"] = "fd00::1";
        _environment["KUBERNETES_SERVICE_PORT"] = "6443";

        InClusterConfiguration.IsPresent(Variable, _folder).ShouldBeTrue();
        var configuration = InClusterConfiguration.Load(Variable, _time, _folder);

        configuration.Server.ShouldBe(new Uri("https://[fd00::1]:6443/"));
        configuration.Namespace.ShouldBe("my-namespace");
        (await TokenAsync(configuration.Credential!)).ShouldBe("pod-token");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string?> TokenAsync(ICredential credential) => (await credential.AuthorizeAsync(CancellationToken.None))!.Parameter;

    private string? Variable(string name) => _environment.GetValueOrDefault(name);

    private ClientConfiguration Load(string? file = null, string? context = null) => new ClientConfigurationLoader(_time, Variable).Load(file, context);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static (string Certificate, string Key, string Authority) MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), certificate.ExportCertificatePem());
    }
}
