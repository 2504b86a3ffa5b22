using System.CommandLine;
using System.Text.Json;
using Segmentation.Cli.Output;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Commands;

/// <summary><c>profile ID</c>: shows one customer as the server knows them.</summary>
internal sealed class ProfileCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerOptions _server;
    private readonly Argument<string> _id = new("ID") { Description = "The profile's id" };
    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public ProfileCommand(Terminal terminal)
        : base("profile", "Show one profile: its properties, counters, RFM scores, and the segments it is in.")
    {
        _terminal = terminal;
        _server = new ServerOptions(terminal);
        Arguments.Add(_id);
        _server.AddTo(this);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    public string Details => string.Empty;

    public string Examples => """
        kubectl segment profile customer-42 -w acme
        kubectl segment profile customer-42 -w acme -o json
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var connection = new ServerConnection(_server.Read(parsed), _terminal.Time);
        ServerReply reply = await connection.GetAsync($"profiles/{Uri.EscapeDataString(parsed.GetValue(_id)!)}", cancellation);
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
