using System.CommandLine;
using System.Text.Json;
using Segmentation.Cli.Linting;
using Segmentation.Cli.Offline;
using Segmentation.Cli.Output;
using Segmentation.Resources;

namespace Segmentation.Cli.Commands;

/// <summary><c>lint</c>: looks at definitions for what is wrong or probably not meant, with file and line.</summary>
internal sealed class LintCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;

    private readonly Option<string[]> _files = new("--filename", "-f")
    {
        Description = "A file or folder of Segments and RfmPolicies, again for each; - reads standard input",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<LintSeverity> _failOn = new("--fail-on")
    {
        Description = "The least that makes the exit code 1. Default: error",
        HelpName = "error|warning|info",
        DefaultValueFactory = _ => LintSeverity.Error,
    };

    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public LintCommand(Terminal terminal)
        : base("lint", "Find what is wrong or probably not meant in definitions, with file and line; no server, no cluster.")
    {
        _terminal = terminal;
        foreach (Option option in (Option[])[_files, _failOn, _output])
            Options.Add(option);
        SetAction(Run);
    }

    public string Details => """
        Errors are what an API server or the operator would refuse, circles of references included, and conditions that nobody can meet.
        Warnings and infos: conditions that everybody meets, absence that was not thought of, events that have to be kept for ever, costly
        expressions. docs/lint.md explains each check.
        """;

    public string Examples => """
        kubectl segment lint -f segments/
        kubectl segment lint -f segments/ --fail-on warning -o json
        """;

    private int Run(ParseResult parsed)
    {
        var lint = new DefinitionLint();
        foreach (string path in parsed.GetValue(_files)!.SelectMany(DefinitionFiles.Expand))
            lint.Add(path, DefinitionFiles.Text(path, _terminal));
        IReadOnlyList<FileFinding> findings = lint.Run();
        if (parsed.GetValue(_output) == OutputFormat.Json)
            JsonOutput.Write(_terminal.Output, json => Write(json, findings));
        else
            Write(_terminal.Out, findings, lint.Count);
        return findings.Any(finding => finding.Finding.Severity >= parsed.GetValue(_failOn)) ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Write(TextWriter output, IReadOnlyList<FileFinding> findings, int definitions)
    {
        foreach (FileFinding found in findings)
        {
            output.WriteLine($"{found.File}:{found.Line}: {WordFor(found.Finding.Severity)}: {found.Object}{(found.Object.Length > 0 ? ", " : "")}{found.Finding.Path}");
            output.WriteLine($"    {found.Finding.Message} [{found.Finding.Rule}]");
        }
        if (findings.Count > 0)
            output.WriteLine();
        string counts = string.Join(", ", new[] { LintSeverity.Error, LintSeverity.Warning, LintSeverity.Info }
            .Select(severity => $"{findings.Count(found => found.Finding.Severity == severity)} {WordFor(severity)}s"));
        output.WriteLine($"{definitions} definitions: {counts}");
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<FileFinding> findings)
    {
        json.WriteStartArray();
        foreach (FileFinding found in findings)
        {
            json.WriteStartObject();
            json.WriteString("file", found.File);
            json.WriteNumber("line", found.Line);
            json.WriteString("severity", WordFor(found.Finding.Severity));
            json.WriteString("rule", found.Finding.Rule);
            json.WriteString("object", found.Object);
            json.WriteString("path", found.Finding.Path);
            json.WriteString("message", found.Finding.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string WordFor(LintSeverity severity) => severity.ToString().ToLowerInvariant();
}
