using System.CommandLine;

namespace Segmentation.Cli.Output;

internal enum OutputFormat
{
    Table,
    Json,
    Csv,
}

/// <summary><c>-o table|json</c>, the same on every command: with json, standard output carries JSON and nothing else. Some know csv, too.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat?> Create(bool withCsv = false) => new("--output", "-o")
    {
        Description = "table (default) for people; json for programs: only JSON on standard output, no progress" + (withCsv ? "; csv for spreadsheets" : ""),
        HelpName = withCsv ? "table|json|csv" : "table|json",
        CustomParser = argument =>
        {
            switch (argument.Tokens[0].Value)
            {
                case "table":
                    return OutputFormat.Table;
                case "json":
                    return OutputFormat.Json;
                case "csv" when withCsv:
                    return OutputFormat.Csv;
                case var other:
                    argument.AddError($"-o: '{other}' is not an output format; write {(withCsv ? "table, json or csv" : "table or json")}");
                    return default;
            }
        },
    };
}
