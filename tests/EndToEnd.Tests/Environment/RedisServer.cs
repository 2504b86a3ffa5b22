using System.Globalization;

namespace EndToEnd.Tests;

/// <summary>A Redis of the tests' own, with an append-only file, so that it can be restarted.</summary>
public sealed class RedisServer(string folder)
{
    private static readonly string Client = System.Environment.GetEnvironmentVariable("REDIS_CLI") is { Length: > 0 } chosen ? chosen : "redis-cli";

    public string Port => File.ReadAllText(Path.Combine(folder, "redis.port")).Trim();

    public Task StartAsync() =>
        LocalScript.RunAsync("redis.sh", "start", folder, "--until-exit-of", System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    public Task StopAsync() => LocalScript.RunAsync("redis.sh", "stop", folder);

    /// <summary>All keys of a workspace.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string workspace)
    {
        var scan = await Command.RunAsync(Client, ["-p", Port, "--scan", "--pattern", $"{{{workspace}[/}}]*"]);
        return scan.ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The fields of hashes, each as <c>KEY FIELD</c>.</summary>
    public async Task<IReadOnlyList<string>> FieldsAsync(IReadOnlyCollection<string> hashes)
    {
        const string Script = "local all = {} for _, key in ipairs(KEYS) do for _, field in ipairs(redis.call('HKEYS', key)) do all[#all + 1] = key .. ' ' .. field end end return all";
        return await CommandAsync(["EVAL", Script, hashes.Count.ToString(CultureInfo.InvariantCulture), .. hashes]);
    }

    /// <summary>One command's answer, line by line.</summary>
    public async Task<IReadOnlyList<string>> CommandAsync(params string[] arguments) =>
        (await Command.RunAsync(Client, ["-p", Port, .. arguments])).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
