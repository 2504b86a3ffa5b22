using System.CommandLine;
using System.Globalization;
using Segmentation.Cli.Import;
using Segmentation.Cli.Output;
using Segmentation.Cli.Reading;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Commands;

/// <summary><c>put-profiles FILE</c>: sends the properties, consent and suppression of profiles to the server.</summary>
internal sealed class PutProfilesCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly ServerOptions _server;
    private readonly Argument<string> _file = new("FILE") { Description = "JSONL; - reads standard input" };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Requests under way at once",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    private readonly Option<string?> _rejects = new("--rejects")
    {
        Description = "Write every rejected line with its reason to this file, as JSONL",
        HelpName = "FILE",
    };

    private readonly Option<bool> _allowRejects = new("--allow-rejects") { Description = "Exit with 0 even when lines were rejected" };
    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public PutProfilesCommand(Terminal terminal)
        : base("put-profiles", "Send the properties, consent and suppression of profiles to the server.")
    {
        _terminal = terminal;
        _server = new ServerOptions(terminal);
        _parallel.InRange(1, 256);
        Arguments.Add(_file);
        _server.AddTo(this);
        foreach (Option option in (Option[])[_parallel, _rejects, _allowRejects, _output])
            Options.Add(option);
        SetAction(RunAsync);
    }

    public string Details => """
        Running it twice is safe. Of several lines of one profile the last one stays.
        One profile on each line:
          {"id":"p-1","properties":{"country":"DE","plan":"pro"}}
          {"id":"p-2","consent":{"email":"subscribed","sms":{"status":"unsubscribed","since":"2026-01-31T09:30:00Z"}},"suppressed":{"email":true}}
        Properties are replaced as a whole; those of a line without them stay. Consent and suppression stay where they are not named.
        """;

    public string Examples => """
        kubectl segment put-profiles profiles.jsonl -w acme
        kubectl segment put-profiles profiles.jsonl -w acme --rejects rejected.jsonl -o json
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetValue(_file)!;
        ServerSettings target = _server.Read(parsed);
        bool asJson = parsed.GetValue(_output) == OutputFormat.Json;
        string? rejectsPath = parsed.GetValue(_rejects);
        using Stream stream = path == "-" ? _terminal.Input : InputFile.Open(path);
        using var rejects = new RejectedRows(rejectsPath, keptBytes: 0);
        ProfileUpload upload = null!;
        await Meter.RunAsync(_terminal, $"Sending {Path.GetFileName(path)}", path == "-" ? null : stream.Length, asJson, async meter =>
        {
            using var connection = new ServerConnection(target, _terminal.Time) { Waiting = meter.Note };
            upload = new ProfileUpload(connection, rejects, meter, _terminal.Time);
            await upload.RunAsync(stream, parsed.GetValue(_parallel), cancellation);
        });
        if (asJson)
            WriteJson(path, upload);
        else
            WriteText(upload, rejects, rejectsPath);
        return upload.Rejected == 0 || parsed.GetValue(_allowRejects) ? ExitCode.Done : ExitCode.Failed;
    }

    private void WriteText(ProfileUpload upload, RejectedRows rejects, string? rejectsPath)
    {
        ImportReport.WriteRejected(_terminal.Error, rejects.First, upload.Rejected, rejectsPath);
        string seconds = upload.Elapsed.TotalSeconds.ToString("N1", CultureInfo.InvariantCulture);
        _terminal.Out.WriteLine($"sent {Meter.Rate(upload.Accepted, upload.Elapsed, "profiles")} in {seconds} s; {upload.Rejected:N0} lines rejected");
    }

    private void WriteJson(string path, ProfileUpload upload) => JsonOutput.Write(_terminal.Output, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteNumber("profiles", upload.Accepted);
        json.WriteNumber("rejected", upload.Rejected);
        json.WriteNumber("seconds", Math.Round(upload.Elapsed.TotalSeconds, 3));
        json.WriteEndObject();
    });
}
