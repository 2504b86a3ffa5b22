using System.Text;

namespace Segmentation.Cli;

/// <summary>Everything that a command may touch outside of its arguments: results go to <see cref="Out"/>, all else to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public Terminal(Stream input, Stream output, TextWriter error)
    {
        Input = input;
        Output = output;
        Out = new StreamWriter(output, _utf8) { AutoFlush = true };
        Error = error;
    }

    public Stream Input { get; }

    /// <summary>Standard output as bytes. Do not mix with <see cref="Out"/> inside one command.</summary>
    public Stream Output { get; }

    public TextWriter Out { get; }

    public TextWriter Error { get; }

    /// <summary>Whether a person watches standard error, so that a progress bar may redraw itself there.</summary>
    public bool IsErrorInteractive { get; init; }

    /// <summary>Whether a person watches standard output, so that it may have colours.</summary>
    public bool IsOutInteractive { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<string, string?> Variable { get; init; } = static _ => null;

    public static Terminal OfThisProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error)
    {
        IsErrorInteractive = !Console.IsErrorRedirected,
        IsOutInteractive = !Console.IsOutputRedirected,
        Variable = Environment.GetEnvironmentVariable,
    };
}
