using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>The kubectl on this machine, as one user of the API server.</summary>
public sealed class Kubectl(string kubeconfig)
{
    private static readonly string Program = System.Environment.GetEnvironmentVariable("KUBECTL") is { Length: > 0 } chosen ? chosen : "kubectl";

    private static readonly JsonDocumentOptions AnyDepth = new() { MaxDepth = 20_000 };

    public string Kubeconfig => kubeconfig;

    /// <summary>Runs kubectl, whatever comes of it.</summary>
    public Task<CommandResult> TryAsync(IEnumerable<string> arguments, string? input = null) =>
        Command.RunAsync(Program, ["--kubeconfig", kubeconfig, .. arguments], input);

    /// <summary>Runs kubectl, which must succeed, and returns what it wrote.</summary>
    public async Task<string> RunAsync(params string[] arguments) => (await TryAsync(arguments)).ShouldSucceed().Output;

    /// <summary>Starts a kubectl that goes on until it is disposed of, and whose lines can be read meanwhile.</summary>
    public RunningKubectl Start(params string[] arguments) => new(Command.Start(Program, ["--kubeconfig", kubeconfig, .. arguments]));

    public async Task<JsonElement> GetAsync(params string[] arguments)
    {
        using var document = JsonDocument.Parse(await RunAsync(["get", .. arguments, "-o", "json"]), AnyDepth);
        return document.RootElement.Clone();
    }

    /// <summary>Servers before 1.25 do not know validation rules in a CRD, and kubectl would refuse to send them.</summary>
    public async Task ApplyFilesAsync(string path) => await RunAsync("apply", "--validate=false", "-f", path);

    public async Task<bool> ServesAsync(string groupVersion) => (await RunAsync("api-versions")).Split('\n').Contains(groupVersion);
}
