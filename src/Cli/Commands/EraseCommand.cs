using System.CommandLine;
using Segmentation.Cli.Output;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Commands;

/// <summary><c>erase</c>: removes everything that the server holds of one customer, for good.</summary>
internal sealed class EraseCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerOptions _server;
    private readonly Option<string> _profile = new("--profile", "-p") { Description = "The profile's id", HelpName = "ID", Required = true };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do it: without this nothing is erased" };
    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public EraseCommand(Terminal terminal)
        : base("erase", "Erase everything that is held of a profile. This cannot be undone.")
    {
        _terminal = terminal;
        _server = new ServerOptions(terminal);
        foreach (Option option in (Option[])[_profile, _yes])
            Options.Add(option);
        _server.AddTo(this);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    public string Details => """
        The profile leaves its segments, audiences are told, and nothing of it stays; an event that comes later makes a new profile.
        An id that is not known is erased as well: the server does not say whether it was there.
        """;

    public string Examples => """
        kubectl segment export --profile customer-42 -w acme -o json
        kubectl segment erase --profile customer-42 -w acme --yes
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string profile = parsed.GetValue(_profile)!;
        if (!parsed.GetValue(_yes))
            throw CliException.BadInput("nothing was erased: this cannot be undone", "look with 'kubectl segment profile ID', then add --yes");
        using var connection = new ServerConnection(_server.Read(parsed), _terminal.Time);
        ServerReply reply = await connection.SendAsync(HttpMethod.Delete, $"profiles/{Uri.EscapeDataString(profile)}", default, null, cancellation);
        if (!reply.IsSuccess)
            throw reply.ToFailure("check --workspace");
        if (parsed.GetValue(_output) == OutputFormat.Json)
        {
            JsonOutput.Write(_terminal.Output, json =>
            {
                json.WriteStartObject();
                json.WriteString("profileId", profile);
                json.WriteBoolean("accepted", true);
                json.WriteEndObject();
            });
        }
        else
        {
            await _terminal.Out.WriteLineAsync("accepted: the profile is erased within moments; 'kubectl segment profile ID' then says that it is not found");
        }
        return ExitCode.Done;
    }
}
