using System.Text;
using System.Text.Json;

namespace Segmentation.Cli.Tests.Support;

/// <summary>A command that ran inside this process: its exit code and what it wrote.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static Task<CliRun> OfAsync(params string[] args) => OfAsync(new CliSurroundings(), args);

    public static async Task<CliRun> OfAsync(CliSurroundings surroundings, params string[] args)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var terminal = new Terminal(new MemoryStream(Encoding.UTF8.GetBytes(surroundings.Input)), output, error)
        {
            Time = surroundings.Time,
            Variable = name => surroundings.Variables.GetValueOrDefault(name),
        };
        int code = await CommandLine.RunAsync(args, terminal, surroundings.Cancellation);
        return new CliRun(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    public override string ToString() => $"exit code {Code}\n{Out}\n{Error}";
}

internal sealed record CliSurroundings
{
    public string Input { get; init; } = string.Empty;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Dictionary<string, string> Variables { get; init; } = [];

    public CancellationToken Cancellation { get; init; }
}
