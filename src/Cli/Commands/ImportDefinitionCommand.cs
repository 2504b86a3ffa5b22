using System.CommandLine;
using System.Text.Json;
using Segmentation.Cli.Definitions;
using Segmentation.Cli.Definitions.Klaviyo;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Commands;

/// <summary><c>import-definition FILE</c>: turns the segments of another system into Segments, and says what did not come over.</summary>
internal sealed class ImportDefinitionCommand : Command, IHasExamples
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _file = new("FILE") { Description = "What the API of the other system answered: JSON; - reads standard input" };

    private readonly Option<string> _from = new("--from")
    {
        Description = "The other system",
        HelpName = "klaviyo",
        Required = true,
    };

    private readonly Option<string?> _name = new("--name")
    {
        Description = "The Segment's metadata.name, for a file with one segment; else its name there, in lower case and with dashes",
        HelpName = "NAME",
    };

    private readonly Option<string?> _namespace = new("--namespace", "-n")
    {
        Description = "The Segments' metadata.namespace; none when left out",
        HelpName = "NAMESPACE",
    };

    private readonly Option<string?> _metrics = new("--metrics")
    {
        Description = "Event names by metric id: what GET /api/metrics answered, or {\"RKvL2u\": \"placed_order\"}",
        HelpName = "FILE",
    };

    private readonly Option<string?> _groups = new("--groups")
    {
        Description = "Segment names by the id of a list or segment: what the API answered, or {\"Y6nRLr\": \"newsletter\"}",
        HelpName = "FILE",
    };

    private readonly Option<string?> _places = new("--places")
    {
        Description = "Coordinates of postal codes: {\"USA 02141\": {\"latitude\": 42.37, \"longitude\": -71.08}}",
        HelpName = "FILE",
    };

    private readonly Option<string> _policy = new("--policy")
    {
        Description = "The RfmPolicy whose model answers predictions",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    };

    private readonly Option<string> _orderEvent = new("--order-event")
    {
        Description = "The event that statistics of orders are about",
        HelpName = "NAME",
        DefaultValueFactory = _ => "Placed Order",
    };

    private readonly Option<bool> _partial = new("--partial") { Description = "Write a segment without its conditions that are lost, when some are left" };

    private readonly Option<DocumentFormat?> _output = new("--output", "-o")
    {
        Description = "yaml (default) for kubectl, with the findings on standard error; json for programs: Segments and findings on standard output",
        HelpName = "yaml|json",
        CustomParser = argument =>
        {
            switch (argument.Tokens[0].Value)
            {
                case "yaml":
                    return DocumentFormat.Yaml;
                case "json":
                    return DocumentFormat.Json;
                case var other:
                    argument.AddError($"-o: '{other}' is not an output format; write yaml or json");
                    return default;
            }
        },
    };

    public ImportDefinitionCommand(Terminal terminal)
        : base("import-definition", "Turn segments of another system into Segments, and say what did not come over.")
    {
        _terminal = terminal;
        _from.AcceptOnlyFromAmong("klaviyo");
        Arguments.Add(_file);
        foreach (Option option in (Option[])[_from, _name, _namespace, _metrics, _groups, _places, _policy, _orderEvent, _partial, _output])
            Options.Add(option);
        SetAction(Run);
    }

    public string Details => """
        FILE is one segment or a page of them, as GET /api/segments/{id} or GET /api/segments?fields[segment]=name,definition answers, or a definition alone.
        Nothing is dropped in silence. A finding is lost (not carried over) or check (carried over with a choice); it says where, why, and what to do.
        A segment that lost something is not written without --partial. Exit code 1 when something was lost, with --partial too; 0 with checks alone.
        Look at what comes out before you apply it: conditions lost from a group that any of them met make it smaller, whole groups larger.
        """;

    public string Examples => """
        kubectl segment import-definition --from klaviyo segments.json --metrics metrics.json --namespace acme
        kubectl segment import-definition --from klaviyo segment.json --name vips --partial -o json
        """;

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        (string? name, string? namespaceName) = (parsed.GetValue(_name), parsed.GetValue(_namespace));
        RequireName(name, "--name");
        RequireName(namespaceName, "--namespace");
        RequireName(parsed.GetValue(_policy), "--policy");
        RequireEventName(parsed.GetValue(_orderEvent)!);
        bool partial = parsed.GetValue(_partial);
        var settings = new KlaviyoSettings(
            KlaviyoNames.Read(parsed.GetValue(_metrics), "--metrics", EventName, EventName),
            KlaviyoNames.Read(parsed.GetValue(_groups), "--groups", given => ResourceName.IsValid(given) ? given : null, ResourceName.From),
            PostalCodes.Read(parsed.GetValue(_places)),
            parsed.GetValue(_policy)!,
            parsed.GetValue(_orderEvent)!);
        ImportedDefinitions imported;
        using (Stream stream = path == "-" ? _terminal.Input : InputFile.Open(path))
        using (JsonDocument document = SourceJson.Read(stream, path == "-" ? "standard input" : path))
            imported = new KlaviyoImporter(settings, name, namespaceName, partial).Import(document.RootElement);
        if (parsed.GetValue(_output) == DocumentFormat.Json)
        {
            DefinitionReport.WriteJson(_terminal.Output, imported);
        }
        else
        {
            DefinitionReport.WriteYaml(_terminal.Out, imported);
            DefinitionReport.WriteText(_terminal.Error, imported, partial);
        }
        return imported.IsComplete ? ExitCode.Done : ExitCode.Failed;
    }

    private enum DocumentFormat
    {
        Yaml,
        Json,
    }

    private static string? EventName(string name) => name.Length is > 0 and <= EventJson.MaxNameLength ? name : null;

    private static void RequireEventName(string name)
    {
        if (EventName(name) is null)
            throw CliException.BadInput($"--order-event: an event's name has 1 to {EventJson.MaxNameLength} characters");
    }

    private static void RequireName(string? name, string option)
    {
        if (name is not null && !ResourceName.IsValid(name))
            throw CliException.BadInput(
                $"{option}: '{name}' is not a name that Kubernetes takes", "write lower-case letters, digits and dashes, such as vip-customers");
    }
}
