using System.CommandLine;

namespace Segmentation.Cli.Output;

internal enum OutputFormat
{
    Table,
    Json,
}

/// <summary><c>-o table|json</c>, the same on every command: with json, standard output carries JSON and nothing else.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat?> Create() => new("--output", "-o")
    {
        Description = "table (default) for people; json for programs: only JSON on standard output, no progress",
        HelpName = "table|json",
        CustomParser = argument =>
        {
            switch (argument.Tokens[0].Value)
            {
                case "table":
                    return OutputFormat.Table;
                case "json":
                    return OutputFormat.Json;
                case var other:
                    argument.AddError($"-o: '{other}' is not an output format; write table or json");
                    return default;
            }
        },
    };
}
