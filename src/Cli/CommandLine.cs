using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Segmentation.Cli.Commands;

namespace Segmentation.Cli;

/// <summary>The root command: lists every command and turns failures into exit codes.</summary>
internal static class CommandLine
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("""
            Customer segments from the command line: load events, look at members, try rules offline.
            Runs as 'kubectl segment ...' when kubectl-segment is on the PATH.
            """)
        {
            new ImportCommand(terminal),
            new PutProfilesCommand(terminal),
            new EvaluateCommand(terminal),
            new LintCommand(terminal),
            new ImportDefinitionCommand(terminal),
            new GenerateCommand(terminal),
            new MembersCommand(terminal),
            new ProfileCommand(terminal),
            new ExplainCommand(terminal),
            new RfmCommand(terminal),
            new ExportCommand(terminal),
            new EraseCommand(terminal),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellation = default)
    {
        ParseResult parsed = Create(terminal).Parse(args);
        bool isBadUsage = parsed.Action is ParseErrorAction;
        if (parsed.Action is ParseErrorAction badUsage)
            badUsage.ShowHelp = args.Length == 0;
        var configuration = new InvocationConfiguration
        {
            Output = isBadUsage ? terminal.Error : terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            int code = await parsed.InvokeAsync(configuration, cancellation);
            if (isBadUsage && args.Length > 0)
                await terminal.Error.WriteLineAsync("add --help to see the options and an example");
            return isBadUsage ? ExitCode.BadInput : code;
        }
        catch (CliException failure)
        {
            await terminal.Error.WriteLineAsync($"error: {failure.Message}");
            if (failure.NextStep is not null)
                await terminal.Error.WriteLineAsync($"       {failure.NextStep}");
            return failure.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await terminal.Error.WriteLineAsync($"error: {failure.Message}");
            return ExitCode.Failed;
        }
    }
}
