using System.CommandLine;

namespace Segmentation.Cli.Server;

/// <summary>Which server and workspace a command talks to; shared by every command that talks to one.</summary>
internal sealed class ServerOptions
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    private readonly Terminal _terminal;

    public ServerOptions(Terminal terminal) => _terminal = terminal;

    public Option<string?> Server { get; } = new("--server", "-s")
    {
        Description = $"The operator's HTTP address. Default: $SEGMENTATION_SERVER, else {DefaultServer}",
        HelpName = "URL",
    };

    public Option<string?> Workspace { get; } = new("--workspace", "-w", "--namespace", "-n")
    {
        Description = "The workspace, which is a Kubernetes namespace. Default: $SEGMENTATION_WORKSPACE, else default",
        HelpName = "NAME",
    };

    public Option<string?> TokenFile { get; } = new("--token-file")
    {
        Description = "A file that holds the bearer token. Default: the token in $SEGMENTATION_TOKEN",
        HelpName = "FILE",
    };

    public Option<TimeSpan?> RetryFor { get; } = new("--retry-for")
    {
        Description = "Keep trying for so long without any progress while the server is away or busy, such as 30s or 1h. Default: 2m",
        HelpName = "DURATION",
        CustomParser = argument => DurationOption.Parse(argument),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Server);
        command.Options.Add(Workspace);
        command.Options.Add(TokenFile);
        command.Options.Add(RetryFor);
    }

    /// <exception cref="CliException">The address is not an http(s) URL, or the token file cannot be read or is empty.</exception>
    public ServerSettings Read(ParseResult parsed)
    {
        string address = parsed.GetValue(Server) ?? _terminal.Variable("SEGMENTATION_SERVER") ?? DefaultServer;
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            throw CliException.BadInput($"--server: '{address}' is not a URL", $"write it like {DefaultServer}");
        string workspace = parsed.GetValue(Workspace) ?? _terminal.Variable("SEGMENTATION_WORKSPACE") ?? "default";
        return new ServerSettings(uri, workspace, Token(parsed), parsed.GetValue(RetryFor) ?? TimeSpan.FromMinutes(2));
    }

    private string? Token(ParseResult parsed)
    {
        if (parsed.GetValue(TokenFile) is not { } file)
            return _terminal.Variable("SEGMENTATION_TOKEN") is { Length: > 0 } token ? token.Trim() : null;
        try
        {
            string text = File.ReadAllText(file).Trim();
            return text.Length > 0 ? text : throw CliException.BadInput($"--token-file: {file} is empty");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CliException.BadInput($"--token-file: {failure.Message}");
        }
    }
}

/// <param name="Address">Ends with a slash.</param>
/// <param name="Workspace">The workspace that every path starts with.</param>
/// <param name="Token">The bearer token; null sends none.</param>
/// <param name="RetryFor">How long to go on without any progress.</param>
internal sealed record ServerSettings(Uri Address, string Workspace, string? Token, TimeSpan RetryFor)
{
    /// <summary>The token stays out of logs and messages.</summary>
    public override string ToString() => $"{Address} (workspace {Workspace})";
}
