namespace Segmentation.Cli;

/// <summary>An expected failure: printed as one <c>error:</c> line, with the next step when there is one, and no stack trace.</summary>
internal sealed class CliException(int exitCode, string message, string? nextStep = null, Exception? cause = null)
    : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;

    public string? NextStep { get; } = nextStep;

    public static CliException BadInput(string message, string? nextStep = null) => new(Cli.ExitCode.BadInput, message, nextStep);
}
