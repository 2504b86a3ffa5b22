namespace EndToEnd.Tests;

/// <summary>
/// The scripts of config/local. They start processes in sessions of their own and stop them by their exact identity, and their guards stop
/// everything when the process that runs the tests has ended, however it ended.
/// </summary>
internal static class LocalScript
{
    public static async Task<string> RunAsync(string script, params string[] arguments) =>
        (await Command.RunAsync(RepositoryRoot.Combine("config", "local", script), arguments)).ShouldSucceed().Output;

    /// <summary>Runs shell lines with everything that lib.sh defines; the arguments are $1, $2 …</summary>
    public static async Task<string> WithLibraryAsync(
        string lines, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        (await Command.RunAsync("bash", ["-c", $"set -euo pipefail; source \"$0\"; {lines}", RepositoryRoot.Combine("config", "local", "lib.sh"), .. arguments], environment: environment))
        .ShouldSucceed().Output.Trim();
}
