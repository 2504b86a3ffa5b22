using System.CommandLine;
using System.Text.Json;
using Segmentation.Cli.Output;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Commands;

/// <summary><c>explain</c>: why a customer is in a segment or not, condition by condition, and when that changes if nothing happens.</summary>
internal sealed class ExplainCommand : Command, IHasExamples
{
    private const string NotFound = "check the id, the segment's name (kubectl get segments) and --workspace";

    private readonly Terminal _terminal;
    private readonly ServerOptions _server;

    private readonly Option<string> _profile = new("--profile", "-p") { Description = "The profile's id", HelpName = "ID", Required = true };

    private readonly Option<string?> _segment = new("--segment")
    {
        Description = "Only this segment; without it, every segment that serves members",
        HelpName = "NAME",
    };

    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public ExplainCommand(Terminal terminal)
        : base("explain", "Tell why a profile is in a segment or not, and when that changes if nothing happens.")
    {
        _terminal = terminal;
        _server = new ServerOptions(terminal);
        foreach (Option option in (Option[])[_profile, _segment])
            Options.Add(option);
        _server.AddTo(this);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    public string Details => """
        Each condition is shown with what was found and, where time alone can change it, when. What is found may be personal data.
        """;

    public string Examples => """
        kubectl segment explain --profile customer-42 --segment lapsing-vips -w acme
        kubectl segment explain --profile customer-42 -w acme -o json
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        using var connection = new ServerConnection(_server.Read(parsed), _terminal.Time);
        string profile = "profiles/" + Uri.EscapeDataString(parsed.GetValue(_profile)!);
        string? wanted = parsed.GetValue(_segment);
        string[] segments = wanted is null ? await SegmentsAsync(connection, profile, cancellation) : [wanted];
        var explanations = new List<JsonElement>(segments.Length);
        foreach (string segment in segments)
            explanations.Add(await ReadAsync(connection, $"{profile}/explain?segment={Uri.EscapeDataString(segment)}", cancellation));
        if (parsed.GetValue(_output) == OutputFormat.Json)
            JsonOutput.Write(_terminal.Output, json => Write(json, explanations, asList: wanted is null));
        else
            ExplanationText.Write(_terminal.Out, explanations);
        return ExitCode.Done;
    }

    private static async Task<string[]> SegmentsAsync(ServerConnection connection, string profile, CancellationToken cancellation)
    {
        JsonElement known = await ReadAsync(connection, profile, cancellation);
        return [.. known.GetProperty("memberships").EnumerateArray().Select(membership => membership.GetProperty("segment").GetString()!)];
    }

    private static async Task<JsonElement> ReadAsync(ServerConnection connection, string path, CancellationToken cancellation)
    {
        ServerReply reply = await connection.GetAsync(path, cancellation);
        if (!reply.IsSuccess)
            throw reply.ToFailure(NotFound);
        using JsonDocument document = reply.Json();
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, List<JsonElement> explanations, bool asList)
    {
        if (asList)
            json.WriteStartArray();
        foreach (JsonElement explanation in explanations)
            explanation.WriteTo(json);
        if (asList)
            json.WriteEndArray();
    }
}
