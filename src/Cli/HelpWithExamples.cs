using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Segmentation.Cli;

/// <summary>The usual help, followed by the command's example and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is IHasExamples explained)
        {
            WriteSection(output, "Details:", explained.Details);
            WriteSection(output, "Examples:", explained.Examples);
        }
        output.WriteLine(ExitCode.Explained);
        return code;
    }

    private static void WriteSection(TextWriter output, string title, string text)
    {
        if (text.Length == 0)
            return;
        output.WriteLine(title);
        foreach (string line in text.Split('\n'))
            output.WriteLine($"  {line}");
        output.WriteLine();
    }
}

/// <summary>A command that shows how it is used.</summary>
internal interface IHasExamples
{
    /// <summary>What a user should know beyond the one-line description; may be empty.</summary>
    string Details { get; }

    /// <summary>Complete command lines, each runnable as it stands.</summary>
    string Examples { get; }
}
