using System.CommandLine;
using System.Text.Json;
using Segmentation.Cli.Output;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Commands;

/// <summary><c>export</c>: everything that the server holds of one customer, for a request of information.</summary>
internal sealed class ExportCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerOptions _server;
    private readonly Option<string> _profile = new("--profile", "-p") { Description = "The profile's id", HelpName = "ID", Required = true };
    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public ExportCommand(Terminal terminal)
        : base("export", "Show everything that is held of a profile: properties and how they were, every event, segments, scores.")
    {
        _terminal = terminal;
        _server = new ServerOptions(terminal);
        Options.Add(_profile);
        _server.AddTo(this);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    public string Details => """
        With -o json it is the document that the customer is entitled to, events in the form that 'import' takes.
        """;

    public string Examples => """
        kubectl segment export --profile customer-42 -w acme -o json
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var connection = new ServerConnection(_server.Read(parsed), _terminal.Time);
        ServerReply reply = await connection.GetAsync($"profiles/{Uri.EscapeDataString(parsed.GetValue(_profile)!)}/export", cancellation);
        if (!reply.IsSuccess)
            throw reply.ToFailure("a profile exists once an event or properties of it were accepted; check the id and --workspace");
        using JsonDocument document = reply.Json();
        if (parsed.GetValue(_output) == OutputFormat.Json)
            JsonOutput.Write(_terminal.Output, document.RootElement.WriteTo);
        else
            JsonAsText.Write(_terminal.Out, document.RootElement);
        return ExitCode.Done;
    }
}
