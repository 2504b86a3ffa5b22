using System.CommandLine;
using Segmentation.Cli.Offline;
using Segmentation.Cli.Output;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Commands;

/// <summary><c>evaluate</c>: says who would be in a segment at an instant, from files alone: no server, no cluster.</summary>
internal sealed class EvaluateCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly MappingOptions _mapping = new();

    private readonly Option<string[]> _files = new("--filename", "-f")
    {
        Description = "A file or folder of Segments and RfmPolicies, again for each; - reads standard input",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _events = new("--events")
    {
        Description = "The events: JSONL or delimited text; - reads standard input",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _profiles = new("--profiles")
    {
        Description = "The profiles' properties, consent and suppression: JSONL, as for put-profiles",
        HelpName = "FILE",
    };

    private readonly Option<long> _asOf = new("--as-of")
    {
        Description = "The instant to evaluate at, in RFC 3339; later events have not happened yet",
        HelpName = "INSTANT",
        Required = true,
        CustomParser = InstantOption.Parse,
    };

    private readonly Option<string?> _segment = new("--segment")
    {
        Description = "Only this segment; it may refer to the others",
        HelpName = "NAME",
    };

    private readonly Option<bool> _ids = new("--ids") { Description = "List the members' ids" };
    private readonly Option<bool> _allowRejects = new("--allow-rejects") { Description = "Evaluate without the rows that cannot be read" };
    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public EvaluateCommand(Terminal terminal)
        : base("evaluate", "Say who is in a segment at an instant, from files alone: no server, no cluster.")
    {
        _terminal = terminal;
        foreach (Option option in (Option[])[_files, _events, _profiles, _asOf, _segment, _ids, _allowRejects, _output])
            Options.Add(option);
        _mapping.AddTo(this);
        SetAction(RunAsync);
    }

    public string Details => """
        The rules are evaluated by the operator's own engine. Break points of quantile policies are drawn, and models of predicting ones fitted, from the given events at the instant.
        Segments and policies that a segment refers to have to be in the files too. A suspended segment is evaluated like any other.
        When a profile joined a segment and which tiers it was in are replayed from its first event on, as if every event had been known when
        it occurred and properties and break points had always been what they are.
        """;

    public string Examples => """
        kubectl segment evaluate -f lapsing-vips.yaml --events events.jsonl --as-of 2026-01-31T00:00:00Z
        kubectl segment evaluate -f segments/ --profiles customers.jsonl --events shop.jsonl --as-of 2026-01-31T00:00:00Z --segment champions --ids -o json
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        bool asJson = parsed.GetValue(_output) == OutputFormat.Json;
        long asOfMs = parsed.GetValue(_asOf);
        string? wanted = parsed.GetValue(_segment);
        var events = new EventFile(parsed.GetValue(_events)!, _mapping.Read(parsed, parsed.GetValue(_events)!));
        if (asOfMs < 0)
            throw CliException.BadInput("--as-of: the instant is before 1970");
        DefinitionFiles files = DefinitionFiles.Read(parsed.GetValue(_files)!, _terminal);
        OfflineWorkspace.Check(files, wanted);
        OfflineProfiles profiles = await ReadAsync(events, parsed.GetValue(_profiles), asOfMs, asJson, cancellation);
        if (profiles.Rejected > 0)
            ReportRejected(profiles, parsed.GetValue(_allowRejects));
        var workspace = new OfflineWorkspace(files, profiles, asOfMs);
        IReadOnlyList<SegmentMembers> members = workspace.Evaluate(wanted);
        foreach (string note in workspace.Notes)
            _terminal.Error.WriteLine($"note: {note}");
        if (asJson)
            EvaluationReport.WriteJson(_terminal, members, asOfMs, parsed.GetValue(_ids));
        else
            EvaluationReport.WriteTable(_terminal, members, asOfMs, parsed.GetValue(_ids));
        return ExitCode.Done;
    }

    private async Task<OfflineProfiles> ReadAsync(
        EventFile events, string? profilesPath, long asOfMs, bool quiet, CancellationToken cancellation)
    {
        var profiles = new OfflineProfiles(asOfMs);
        if (profilesPath is not null)
        {
            using FileStream stream = InputFile.Open(profilesPath);
            profiles.AddProperties(profilesPath, stream, cancellation);
        }
        using EventSource source = events.Open(_terminal, Position.Start);
        long? total = events.IsStandardInput ? null : new FileInfo(events.Path).Length;
        await Meter.RunAsync(_terminal, $"Reading {Path.GetFileName(events.Path)}", total, quiet, meter => Task.Run(
            () => profiles.AddEvents(events.Path, source, end => meter.Report(end.Offset, $"{end.Row:N0} rows"), cancellation), cancellation));
        return profiles;
    }

    private void ReportRejected(OfflineProfiles profiles, bool allowed)
    {
        foreach (string problem in profiles.FirstProblems)
            _terminal.Error.WriteLine(problem);
        if (!allowed)
            throw CliException.BadInput($"{profiles.Rejected:N0} rows cannot be read", "mend them, or go on without them with --allow-rejects");
        _terminal.Error.WriteLine($"evaluating without {profiles.Rejected:N0} rows that cannot be read");
    }
}
