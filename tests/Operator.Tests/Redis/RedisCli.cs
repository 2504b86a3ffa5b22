using System.Diagnostics;

namespace Segmentation.Operator.Tests.Redis;

/// <summary>The program redis-cli.</summary>
internal static class RedisCli
{
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0, or the server refused the command.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("redis-cli", ["-e", .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)}: {output}{await error}");
    }
}
