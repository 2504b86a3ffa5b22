using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Redis;

/// <summary>
/// A real Redis in a directory of its own: one server or, with REDIS_TESTS=cluster, a cluster of three masters. The program is what REDIS_SERVER names,
/// else redis-server on PATH. It can be killed and started again with the same data.
/// </summary>
public class RedisServer : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("redis-test-").FullName;
    private readonly RedisNode[] _nodes;

    public RedisServer()
        : this(appendOnly: false)
    {
    }

    /// <param name="appendOnly">Whether everything written is on disk before it is answered.</param>
    /// <param name="single">Whether it is one server in any case.</param>
    internal RedisServer(bool appendOnly, bool single = false)
        : this(appendOnly, !single && Environment.GetEnvironmentVariable("REDIS_TESTS") == "cluster" ? 3 : 1, replicasOfEach: 0)
    {
    }

    private protected RedisServer(bool appendOnly, int masters, int replicasOfEach)
    {
        string[] persistence = appendOnly ? ["--appendonly", "yes", "--appendfsync", "always", "--save", ""] : ["--save", ""];
        IsCluster = masters > 1;
        Masters = masters;
        _nodes = [.. Enumerable.Range(0, masters * (1 + replicasOfEach)).Select(i => new RedisNode(Path.Combine(_directory, $"{i}"), IsCluster, persistence))];
    }

    public bool IsCluster { get; }

    /// <summary>Of the one server, or of one of the cluster's.</summary>
    public int Port => _nodes[0].Port;

    public string Configuration =>
        string.Join(',', _nodes.Select(node => $"127.0.0.1:{node.Port}")) + ",connectTimeout=2000,syncTimeout=20000,allowAdmin=true";

    /// <summary>How many of <see cref="Nodes"/>, the first, began as masters.</summary>
    private protected int Masters { get; }

    private protected IReadOnlyList<RedisNode> Nodes => _nodes;

    public async Task InitializeAsync()
    {
        await StartNodesAsync();
        if (IsCluster) await ClusterSetup.JoinAsync(Nodes, Masters);
    }

    public async Task DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public async Task StartAsync()
    {
        await StartNodesAsync();
        if (IsCluster) await ClusterSetup.ServesAsync(Nodes);
    }

    /// <summary>Ends it as a crash does: nothing that is not on disk survives.</summary>
    public Task KillAsync() => Task.WhenAll(_nodes.Select(node => node.KillAsync()));

    /// <summary>Sends a command to every master of the connection.</summary>
    /// <returns>What redis-cli prints of their answers.</returns>
    internal static async Task<string[]> EverywhereAsync(IDatabase database, params string[] command)
    {
        var masters = database.Multiplexer.GetEndPoints().Where(e => !database.Multiplexer.GetServer(e).IsSlave);
        return await Task.WhenAll(masters.Select(e => RedisCli.RunAsync(["-p", $"{((System.Net.IPEndPoint)e).Port}", .. command])));
    }

    /// <summary>A copy of the data that is on disk now.</summary>
    public string CopyData()
    {
        var copy = Directory.CreateTempSubdirectory("redis-copy-").FullName;
        CopyDirectory(_directory, copy);
        return copy;
    }

    /// <summary>Puts a copy in place of the data; the server must not run. The copy is gone afterwards.</summary>
    public void RestoreData(string copy)
    {
        foreach (var file in DataFiles(_directory)) File.Delete(file);
        CopyDirectory(copy, _directory);
        Directory.Delete(copy, recursive: true);
    }

    private Task StartNodesAsync() => Task.WhenAll(_nodes.Select(node => node.StartAsync()));

    private static void CopyDirectory(string from, string to)
    {
        foreach (var directory in Directory.GetDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in DataFiles(from)) File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    // What a node knows of its cluster is no data, and a node that runs has that file locked.
    private static IEnumerable<string> DataFiles(string directory) =>
        Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "nodes.conf");
}

/// <summary>Tests that share one server; each keeps to workspaces of its own.</summary>
[CollectionDefinition(Name)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit's word")]
public sealed class SharedRedis : ICollectionFixture<RedisServer>
{
    public const string Name = "shared redis";
}
