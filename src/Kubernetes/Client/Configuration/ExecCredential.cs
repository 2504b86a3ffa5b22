using System.ComponentModel;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;

namespace Kubernetes.Client.Configuration;

/// <summary>
/// Credentials from a plugin. The plugin runs when there are none yet, when they are about to expire, and after a 401; one run
/// at a time, whose result everybody waiting gets.
/// </summary>
internal sealed class ExecCredential(ExecPlugin plugin, TimeProvider time, Func<string, string?> environment)
    : ICredential, IClientCertificateSource, IDisposable
{
    private static readonly TimeSpan RunTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _oneRun = new(1, 1);
    private volatile Result? _current;

    public async ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(CancellationToken cancellationToken) =>
        (await CurrentAsync(cancellationToken)).Authorization;

    public async ValueTask<SslStreamCertificateContext?> CertificateAsync(CancellationToken cancellationToken) =>
        (await CurrentAsync(cancellationToken)).Certificate;

    public void Dispose() => _oneRun.Dispose();

    public bool Refused()
    {
        _current = null;
        return true;
    }

    private async Task<Result> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_current is { } current && IsFresh(current))
            return current;
        await _oneRun.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } justMade && IsFresh(justMade))
                return justMade;
            var result = Parse(await RunAsync(cancellationToken));
            _current = result;
            return result;
        }
        finally
        {
            _oneRun.Release();
        }
    }

    private bool IsFresh(Result result) => result.Expires is not { } expires || time.GetUtcNow() < expires - Leeway;

    private async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        using var process = Start();
        using var timeout = new CancellationTokenSource(RunTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // Nothing is asked of a person: a plugin that reads its input must see the end of it at once.
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode != 0)
                throw Failed($"ended with code {process.ExitCode}: {FirstLine(await errors)}", inner: null);
            await errors;
            return await output;
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failed($"did not end within {RunTimeout.TotalSeconds} s", e);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(plugin.Command)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in plugin.Arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in plugin.Environment)
            start.Environment[name] = value;
        if (environment("PATH") is { } path && !plugin.Environment.ContainsKey("PATH"))
            start.Environment["PATH"] = path;
        var spec = new ExecCredentialRequestSpec(Interactive: false, plugin.Cluster);
        var request = new ExecCredentialRequest(plugin.ApiVersion, "ExecCredential", spec);
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(request, ProtocolJson.Default.ExecCredentialRequest);
        try
        {
            return Process.Start(start) ?? throw Failed("did not start", inner: null);
        }
        catch (Exception e) when (e is Win32Exception or FileNotFoundException)
        {
            throw Failed($"cannot be run: {e.Message}", e);
        }
    }

    private Result Parse(string output)
    {
        ExecCredentialResponse? response;
        try
        {
            response = JsonSerializer.Deserialize(output, ProtocolJson.Default.ExecCredentialResponse);
        }
        catch (JsonException e)
        {
            // The text may hold a secret: it is not repeated.
            throw Failed($"did not print an ExecCredential: {e.Path} at line {e.LineNumber}", inner: null);
        }

        if (response?.ApiVersion != plugin.ApiVersion)
            throw Failed($"answered in version '{response?.ApiVersion}', the kubeconfig says '{plugin.ApiVersion}'", inner: null);
        if (response.Status is not { } status || (status.Token is null && status.ClientCertificateData is null))
            throw Failed("gave neither a token nor a client certificate", inner: null);
        if (status.ClientCertificateData is null != status.ClientKeyData is null)
            throw Failed("gave half of a client certificate and key", inner: null);
        return new Result(
            status.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null,
            status.ClientCertificateData is { } pem
                ? PemCertificates.Client(pem, status.ClientKeyData!, $"the output of {plugin.Command}")
                : null,
            status.ExpirationTimestamp);
    }

    private ClientConfigurationException Failed(string what, Exception? inner) => new(
        $"The credential plugin {plugin.Command} {what}.{(plugin.InstallHint is { } hint ? "\n" + hint.Trim() : "")}", inner);

    private static string FirstLine(string text) => text.Trim().Split('\n', 2)[0];

    private sealed record Result(AuthenticationHeaderValue? Authorization, SslStreamCertificateContext? Certificate, DateTimeOffset? Expires);
}
