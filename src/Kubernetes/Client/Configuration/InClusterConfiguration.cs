namespace Kubernetes.Client.Configuration;

/// <summary>What Kubernetes gives to a pod: two environment variables and the service account's files.</summary>
internal static class InClusterConfiguration
{
    public const string ServiceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsPresent(Func<string, string?> environment, string folder = ServiceAccountFolder) =>
        !string.IsNullOrEmpty(environment("KUBERNETES_SERVICE_HOST")) && File.Exists(Path.Combine(folder, "token"));

    /// <exception cref="ClientConfigurationException">A variable or file is missing.</exception>
    public static ClientConfiguration Load(Func<string, string?> environment, TimeProvider time, string folder = ServiceAccountFolder)
    {
        var host = environment("KUBERNETES_SERVICE_HOST")
            ?? throw new ClientConfigurationException("KUBERNETES_SERVICE_HOST is not set: this process does not run in a pod.");
        var port = environment("KUBERNETES_SERVICE_PORT") ?? "443";
        var authority = Path.Combine(folder, "ca.crt");
        var namespaceFile = Path.Combine(folder, "namespace");
        var token = Path.Combine(folder, "token");
        if (!File.Exists(token))
            throw new ClientConfigurationException($"{token} is missing: the pod needs automountServiceAccountToken.");
        return new ClientConfiguration
        {
            Server = new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}/"),
            CertificateAuthorities = File.Exists(authority) ? PemCertificates.Authorities(File.ReadAllText(authority), authority) : null,
            Credential = new TokenFileCredential(token, time),
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "default",
            Source = "the pod's service account",
        };
    }
}
