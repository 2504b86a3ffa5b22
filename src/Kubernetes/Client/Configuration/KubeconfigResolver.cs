namespace Kubernetes.Client.Configuration;

/// <summary>Turns one context of a kubeconfig into a client's configuration.</summary>
internal sealed class KubeconfigResolver(Kubeconfig kubeconfig, TimeProvider time, Func<string, string?> environment)
{
    public ClientConfiguration Resolve(string? contextName)
    {
        contextName ??= kubeconfig.CurrentContext ?? OnlyContext();
        var context = Named(kubeconfig.Contexts, contextName, "context");
        var clusterName = context.Text("cluster")
            ?? throw new ClientConfigurationException($"{context.File}: context '{contextName}' names no cluster.");
        var cluster = Named(kubeconfig.Clusters, clusterName, "cluster");
        var user = context.Text("user") is { } userName ? Named(kubeconfig.Users, userName, "user") : null;
        var authority = cluster.Inline("certificate-authority-data", "certificate-authority");
        var configuration = new ClientConfiguration
        {
            Server = Address(cluster, clusterName),
            CertificateAuthorities = authority is { } pem ? PemCertificates.Authorities(pem.Text, pem.Source) : null,
            SkipTlsVerification = cluster.Flag("insecure-skip-tls-verify"),
            TlsServerName = cluster.Text("tls-server-name"),
            Proxy = Proxy(cluster),
            Namespace = context.Text("namespace") ?? "default",
            Source = $"context '{contextName}' of {kubeconfig.Source}",
        };
        return user is null ? configuration : WithUser(configuration, cluster, user);
    }

    private ClientConfiguration WithUser(ClientConfiguration configuration, KubeconfigSection cluster, KubeconfigSection user)
    {
        if (user.Section("auth-provider") is not null)
            throw new ClientConfigurationException($"{user.File}: auth-provider was removed from Kubernetes; use an exec credential plugin.");
        if (user.Section("exec") is { } exec)
        {
            var plugin = new ExecCredential(ExecPlugin.Read(exec, cluster), time, environment);
            return configuration with { Credential = plugin, ClientCertificate = plugin };
        }

        return configuration with { Credential = Credential(user), ClientCertificate = Certificate(user) };
    }

    private ICredential? Credential(KubeconfigSection user)
    {
        if (user.FilePath("tokenFile") is { } path)
            return new TokenFileCredential(path, time);
        if (user.Text("token") is { } token)
            return FixedCredential.Token(token);
        return user.Text("username") is { } name ? FixedCredential.Password(name, user.Text("password") ?? "") : null;
    }

    private IClientCertificateSource? Certificate(KubeconfigSection user)
    {
        var inline = user.Text("client-certificate-data") is not null || user.Text("client-key-data") is not null;
        if (!inline && user.FilePath("client-certificate") is { } certificatePath && user.FilePath("client-key") is { } keyPath)
            return new ClientCertificateFiles(certificatePath, keyPath, time);
        var certificate = user.Inline("client-certificate-data", "client-certificate");
        var key = user.Inline("client-key-data", "client-key");
        return (certificate, key) switch
        {
            (null, null) => null,
            ({ } c, { } k) => new FixedClientCertificate(PemCertificates.Client(c.Text, k.Text, c.Source)),
            _ => throw new ClientConfigurationException($"{user.File}: a client certificate needs its key, and a key its certificate."),
        };
    }

    private static Uri Address(KubeconfigSection cluster, string name)
    {
        var text = cluster.Text("server") ?? throw new ClientConfigurationException($"{cluster.File}: cluster '{name}' has no server.");
        if (!Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
            throw new ClientConfigurationException($"{cluster.File}: server '{text}' of cluster '{name}' is not an http(s) address.");
        return server;
    }

    private static Uri? Proxy(KubeconfigSection cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw new ClientConfigurationException($"{cluster.File}: proxy-url must be an http, https or socks5 address.");
    }

    private string OnlyContext() => kubeconfig.Contexts.Count == 1
        ? kubeconfig.Contexts.Keys.First()
        : throw new ClientConfigurationException($"{kubeconfig.Source} has no current-context: name one of {Names(kubeconfig.Contexts)}.");

    private KubeconfigSection Named(IReadOnlyDictionary<string, KubeconfigSection> sections, string name, string what) =>
        sections.GetValueOrDefault(name)
        ?? throw new ClientConfigurationException($"{kubeconfig.Source} has no {what} '{name}'; it has {Names(sections)}.");

    private static string Names(IReadOnlyDictionary<string, KubeconfigSection> sections) =>
        sections.Count == 0 ? "none" : string.Join(", ", sections.Keys.Order(StringComparer.Ordinal));
}
