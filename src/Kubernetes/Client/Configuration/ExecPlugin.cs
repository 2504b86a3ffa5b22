namespace Kubernetes.Client.Configuration;

/// <summary>A credential plugin as a kubeconfig describes it: a program that prints an <c>ExecCredential</c>.</summary>
/// <param name="Arguments">Handed over one by one, never joined: an argument may hold spaces and quotes.</param>
internal sealed record ExecPlugin(
    string Command,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string ApiVersion,
    string? InstallHint,
    ExecCredentialCluster? Cluster)
{
    public static ExecPlugin Read(KubeconfigSection exec, KubeconfigSection cluster)
    {
        var command = exec.Text("command") ?? throw new ClientConfigurationException($"{exec.File}: exec needs a command.");
        // As kubectl does: a name is looked up in PATH, a relative path starts at the kubeconfig's folder.
        if (command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
            command = exec.FilePath("command")!;
        var version = exec.Text("apiVersion");
        if (version is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
            throw new ClientConfigurationException(
                $"{exec.File}: exec.apiVersion must be client.authentication.k8s.io/v1 or v1beta1, not '{version}'.");
        if (exec.Text("interactiveMode") == "Always")
            throw new ClientConfigurationException(
                $"{exec.File}: exec plugin {command} needs a terminal (interactiveMode: Always); an operator has none.");
        var environment = new Dictionary<string, string>();
        foreach (var variable in exec.List("env"))
            environment[variable.Text("name") ?? ""] = variable.Text("value") ?? "";
        return new ExecPlugin(
            command, exec.Texts("args"), environment, version, exec.Text("installHint"),
            exec.Flag("provideClusterInfo") ? Describe(cluster) : null);
    }

    private static ExecCredentialCluster Describe(KubeconfigSection cluster) => new()
    {
        Server = cluster.Text("server"),
        TlsServerName = cluster.Text("tls-server-name"),
        InsecureSkipTlsVerify = cluster.Flag("insecure-skip-tls-verify") ? true : null,
        CertificateAuthorityData = cluster.Inline("certificate-authority-data", "certificate-authority") is { } pem
            ? System.Text.Encoding.UTF8.GetBytes(pem.Text)
            : null,
        ProxyUrl = cluster.Text("proxy-url"),
    };
}

/// <summary>What a plugin is told, in <c>KUBERNETES_EXEC_INFO</c>.</summary>
internal sealed record ExecCredentialRequest(string ApiVersion, string Kind, ExecCredentialRequestSpec Spec);

internal sealed record ExecCredentialRequestSpec(bool Interactive, ExecCredentialCluster? Cluster);

internal sealed record ExecCredentialCluster
{
    public string? Server { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("tls-server-name")]
    public string? TlsServerName { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("insecure-skip-tls-verify")]
    public bool? InsecureSkipTlsVerify { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("certificate-authority-data")]
    public byte[]? CertificateAuthorityData { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("proxy-url")]
    public string? ProxyUrl { get; init; }
}

/// <summary>What a plugin prints.</summary>
internal sealed record ExecCredentialResponse
{
    public string? ApiVersion { get; init; }

    public ExecCredentialStatus? Status { get; init; }
}

internal sealed record ExecCredentialStatus
{
    public string? Token { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKeyData { get; init; }

    /// <summary>Null: good until the server refuses it.</summary>
    public DateTimeOffset? ExpirationTimestamp { get; init; }
}
