using System.CommandLine;
using Segmentation.Cli.Output;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Commands;

/// <summary><c>members SEGMENT</c>: lists who is in a segment, in the order of joining.</summary>
internal sealed class MembersCommand : Command, IHasExamples
{
    private const int LargestPage = 1000;

    private readonly Terminal _terminal;
    private readonly ServerOptions _server;
    private readonly Argument<string> _segment = new("SEGMENT") { Description = "The segment's name" };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "The most members to list; 0 lists all",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public MembersCommand(Terminal terminal)
        : base("members", "List the members of a segment, in the order of joining.")
    {
        _terminal = terminal;
        _server = new ServerOptions(terminal);
        _limit.InRange(0, int.MaxValue);
        Arguments.Add(_segment);
        _server.AddTo(this);
        Options.Add(_limit);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    public string Details => string.Empty;

    public string Examples => """
        kubectl segment members lapsing-vips -w acme
        kubectl segment members lapsing-vips -w acme --limit 0 -o json
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string segment = parsed.GetValue(_segment)!;
        int limit = parsed.GetValue(_limit);
        using var connection = new ServerConnection(_server.Read(parsed), _terminal.Time);
        var pages = new MemberPages(connection, segment, limit == 0 ? long.MaxValue : limit, LargestPage);
        if (parsed.GetValue(_output) == OutputFormat.Json)
            await MemberList.WriteJsonAsync(_terminal, segment, pages, cancellation);
        else
            await MemberList.WriteTableAsync(_terminal, pages, cancellation);
        return ExitCode.Done;
    }
}
