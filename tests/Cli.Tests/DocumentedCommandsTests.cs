using System.Text.RegularExpressions;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

/// <summary>The command lines that the documents show are ones that the program takes.</summary>
public sealed partial class DocumentedCommandsTests
{
    private static readonly string Root = RepositoryRoot.Path;

    private static readonly string[] Shown =
    [
        .. Directory.GetFiles(Root, "*.md").Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .SelectMany(file => Line().Matches(File.ReadAllText(file).Replace("\\\n", " ")).Select(match => match.Groups["arguments"].Value.Trim()))
            .Distinct(),
    ];

    public static TheoryData<string> CommandLines => [.. Shown];

    [Theory, MemberData(nameof(CommandLines))]
    public void Command_lines_in_the_documents_parse(string arguments)
    {
        var terminal = new Terminal(Stream.Null, new MemoryStream(), TextWriter.Null);

        CommandLine.Create(terminal).Parse(arguments).Errors.ShouldBeEmpty(arguments);
    }

    [Fact]
    public void The_README_shows_every_command_and_every_exit_code()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        var terminal = new Terminal(Stream.Null, new MemoryStream(), TextWriter.Null);

        foreach (var command in CommandLine.Create(terminal).Subcommands) readme.ShouldContain($"`kubectl segment {command.Name} ");
        foreach (var code in typeof(ExitCode).GetFields().Where(field => field.FieldType == typeof(int)).Select(field => field.GetRawConstantValue()))
            readme.ShouldContain($"\n| {code} | ");
    }

    [GeneratedRegex(@"(?:^|[`|] ?)(?:kubectl[ -]segment|dotnet run [^`\n]*--project src/Cli --) (?<arguments>[^`|#>\n]+)", RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Line();
}
