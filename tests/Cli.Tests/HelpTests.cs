using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands
    {
        get
        {
            using var nowhere = new MemoryStream();
            var terminal = new Terminal(Stream.Null, nowhere, TextWriter.Null);
            return [.. CommandLine.Create(terminal).Subcommands.Select(command => command.Name)];
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_shows_an_example_of_itself_and_the_exit_codes(string command)
    {
        CliRun run = await CliRun.OfAsync(command, "--help");

        run.Code.ShouldBe(0);
        run.Out.ShouldContain($"kubectl segment {command} ");
        run.Out.ShouldContain("Exit codes:");
        run.Out.ShouldContain($"-o, --output <{command switch { "import-definition" => "yaml|json", "rfm" => "table|json|csv", _ => "table|json" }}>");
        run.Error.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_example_is_a_command_line_that_parses(string command)
    {
        CliRun help = await CliRun.OfAsync(command, "--help");
        var terminal = new Terminal(Stream.Null, new MemoryStream(), TextWriter.Null);
        string[] examples = [.. help.Out.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("kubectl segment ", StringComparison.Ordinal))
            .SelectMany(line => line.Split(" | ")).Select(line => line["kubectl segment ".Length..])];

        examples.ShouldNotBeEmpty();
        foreach (string example in examples)
            CommandLine.Create(terminal).Parse(example).Errors.ShouldBeEmpty(example);
    }

    [Fact]
    public async Task A_mistyped_command_gives_exit_code_2_and_the_nearest_one()
    {
        CliRun run = await CliRun.OfAsync("membres", "vips");

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("members");
        run.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("--parallel", "import", "x.jsonl", "--parallel", "0")]
    [InlineData("--batch", "import", "x.jsonl", "--batch", "many")]
    [InlineData("-o", "members", "vips", "-o", "yaml")]
    [InlineData("-o", "rfm", "default", "-o", "xml")]
    [InlineData("no-such-file", "rfm", "default", "--kubeconfig", "no-such-file")]
    [InlineData("-o", "import-definition", "--from", "klaviyo", "x.json", "-o", "table")]
    [InlineData("--from", "import-definition", "x.json")]
    [InlineData("klaviyo", "import-definition", "--from", "carrier-pigeon", "x.json")]
    [InlineData("is not a name", "import-definition", "--from", "klaviyo", "x.json", "--name", "Big Spenders")]
    [InlineData("is not a name", "import-definition", "--from", "klaviyo", "x.json", "--namespace", "-")]
    [InlineData("--order-event", "import-definition", "--from", "klaviyo", "x.json", "--order-event", "")]
    [InlineData("no-such-file.json", "import-definition", "--from", "klaviyo", "no-such-file.json")]
    [InlineData("not a duration", "members", "vips", "--retry-for", "2")]
    [InlineData("is not a URL", "members", "vips", "--server", "localhost:8080")]
    [InlineData("cannot be told from its name", "import", "events.xyz")]
    [InlineData("is read as JSONL", "import", "events.jsonl", "--id", "nr")]
    [InlineData("no-such-file.jsonl", "import", "no-such-file.jsonl")]
    [InlineData("no-such-file", "members", "vips", "--token-file", "no-such-file")]
    public async Task Wrong_usage_gives_exit_code_2_and_says_what_is_wrong(string expected, params string[] args)
    {
        CliRun run = await CliRun.OfAsync(args);

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldContain(expected);
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_command_the_help_is_shown_as_an_error()
    {
        CliRun run = await CliRun.OfAsync();

        run.Code.ShouldBe(2);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("Commands:");
    }

    [Fact]
    public async Task The_built_program_answers_as_a_process_of_its_own()
    {
        CliRun run = await CliProcess.RunAsync("generate", "--customers", "1", "--events", "1", "--until", "2026-01-01T00:00:00Z");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldStartWith("{\"id\":\"order-42-1\"");
        run.Error.ShouldContain("seed 42");
    }
}
