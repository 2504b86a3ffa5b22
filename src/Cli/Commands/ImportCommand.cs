using System.CommandLine;
using Segmentation.Cli.Import;
using Segmentation.Cli.Output;
using Segmentation.Cli.Reading;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Commands;

/// <summary><c>import FILE</c>: sends the events of a file to the server, and goes on where an interrupted run stopped.</summary>
internal sealed class ImportCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerOptions _server;
    private readonly MappingOptions _mapping = new();
    private readonly Argument<string> _file = new("FILE") { Description = "JSONL or delimited text; - reads standard input" };

    private readonly Option<int> _batch = new("--batch")
    {
        Description = "Events in one request",
        HelpName = "N",
        DefaultValueFactory = _ => 1000,
    };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Requests under way at once",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
    };

    private readonly Option<string?> _rejects = new("--rejects")
    {
        Description = "Write every rejected row with its line and reason to this file, as JSONL",
        HelpName = "FILE",
    };

    private readonly Option<bool> _allowRejects = new("--allow-rejects") { Description = "Exit with 0 even when rows were rejected" };

    private readonly Option<bool> _restart = new("--restart")
    {
        Description = "Begin at the file's start, whatever an interrupted import reached",
    };

    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public ImportCommand(Terminal terminal)
        : base("import", "Send the events of a file to the server.")
    {
        _terminal = terminal;
        _server = new ServerOptions(terminal);
        _batch.InRange(1, 10_000);
        _parallel.InRange(1, 64);
        Arguments.Add(_file);
        _mapping.AddTo(this);
        _server.AddTo(this);
        foreach (Option option in (Option[])[_batch, _parallel, _rejects, _allowRejects, _restart, _output])
            Options.Add(option);
        SetAction(RunAsync);
    }

    public string Details => """
        Running it twice is safe: events with the same id count once.
        An interrupted import leaves FILE.import-journal; the same command goes on from there.
        JSONL has one event on each line:
          {"id":"o-1","name":"placed_order","profileId":"p-1","occurredAt":"2011-06-01T12:34:56Z","value":12.34,"properties":{"country":"Germany"}}
        In delimited text the options say which column becomes what; columns that carry those names already are found without.
        """;

    public string Examples => """
        kubectl segment import events.jsonl -w acme
        kubectl segment import orders.csv -w acme --id order_no --event placed_order --profile customer --time ordered_at --value total --property country
        kubectl segment import CDNOW_master.txt --delimiter whitespace --id-from-row cdnow- --event placed_order --profile customer_id --time date --time-format yyyyMMdd --value dollar_value
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetValue(_file)!;
        var settings = new ImportSettings(
            _server.Read(parsed),
            new EventFile(path, _mapping.Read(parsed, path)),
            parsed.GetValue(_batch),
            parsed.GetValue(_parallel),
            parsed.GetValue(_rejects),
            parsed.GetValue(_restart));
        bool asJson = parsed.GetValue(_output) == OutputFormat.Json;
        ImportSummary summary = await ImportAsync(settings, asJson, cancellation);
        if (asJson)
            ImportReport.WriteJson(_terminal, path, summary);
        else
            ImportReport.WriteText(_terminal, summary, settings.RejectsPath);
        return summary.Rejected == 0 || parsed.GetValue(_allowRejects) ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task<ImportSummary> ImportAsync(ImportSettings settings, bool quiet, CancellationToken cancellation)
    {
        using ImportLedger ledger = ImportLedger.Open(settings, _terminal);
        if (ledger.ResumedBehindLine is { } line)
            await _terminal.Error.WriteLineAsync($"resuming {settings.File.Path} behind line {line:N0}");
        long? total = settings.File.IsStandardInput ? null : new FileInfo(settings.File.Path).Length;
        try
        {
            await Meter.RunAsync(_terminal, $"Importing {Path.GetFileName(settings.File.Path)}", total, quiet, async meter =>
            {
                using var connection = new ServerConnection(settings.Target, _terminal.Time) { Waiting = meter.Note };
                using var run = new ImportRun(settings, _terminal, new EventUpload(connection), ledger, meter);
                await run.RunAsync(cancellation);
            });
        }
        catch
        {
            ledger.Save();
            if (ledger.CanResume)
                await _terminal.Error.WriteLineAsync($"acknowledged up to line {ledger.Acknowledged.Line:N0}; the same command goes on from there");
            throw;
        }
        ledger.Finish();
        return ledger.Summary();
    }
}
