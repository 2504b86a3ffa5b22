namespace Segmentation.Cli;

/// <summary>What the program's exit code says; the numbers are part of the contract and printed by <c>--help</c>.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int Unreachable = 3;
    public const int Refused = 4;
    public const int Interrupted = 130;

    public const string Explained = """
        Exit codes:
          0    done
          1    failed, or some rows were rejected, or something of a definition was lost, or lint found something
          2    wrong usage or unreadable input
          3    the server could not be reached, or stayed busy for longer than --retry-for
          4    the server refused: wrong token, or no such workspace, segment, policy or profile
          130  interrupted
        """;
}
