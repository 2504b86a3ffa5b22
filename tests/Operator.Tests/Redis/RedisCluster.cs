using System.Diagnostics.CodeAnalysis;

namespace Segmentation.Operator.Tests.Redis;

/// <summary>A real cluster of three masters, each with as many replicas as a test wants.</summary>
public sealed class RedisCluster : RedisServer
{
    public const int MasterCount = 3;

    public RedisCluster()
        : this(replicasOfEach: 0)
    {
    }

    internal RedisCluster(int replicasOfEach)
        : base(appendOnly: false, MasterCount, replicasOfEach)
    {
    }

    /// <summary>The masters, then a replica of each, as they began; failovers change that.</summary>
    internal new IReadOnlyList<RedisNode> Nodes => base.Nodes;

    /// <summary>The node that has a key's slot.</summary>
    internal async Task<RedisNode> HolderAsync(string key)
    {
        foreach (var node in Nodes)
        {
            // Any other node redirects, which ends redis-cli with an error.
            if (await Answers(node.CommandAsync("EXISTS", key))) return node;
        }
        throw new InvalidOperationException($"No node has the slot of {key}.");

        static async Task<bool> Answers(Task<string> command)
        {
            await ((Task)command).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return command.IsCompletedSuccessfully;
        }
    }

    /// <summary>Gives every slot of one node to another, as an operator's tool does, once all nodes agree on what was before.</summary>
    internal static async Task ReshardAsync(RedisNode from, RedisNode to)
    {
        await Eventually.HoldsAsync(async () => await AgreeAsync(to), "the nodes agree on their slots");
        await RedisCli.RunAsync(
            "--cluster", "reshard", $"127.0.0.1:{to.Port}", "--cluster-from", await ClusterSetup.IdAsync(from), "--cluster-to", await ClusterSetup.IdAsync(to),
            "--cluster-slots", $"{ClusterSetup.Slots}", "--cluster-yes");
    }

    /// <summary>
    /// Asks a replica to take its master's place, once all nodes know it for a replica: the others deny a former master their votes until they have
    /// heard that it is none, and what was denied is not tried again for four times the nodes' timeout.
    /// </summary>
    internal async Task FailOverAsync(RedisNode candidate)
    {
        var id = await ClusterSetup.IdAsync(candidate);
        foreach (var node in Nodes)
            await Eventually.HoldsAsync(async () => Roles(await node.CommandAsync("CLUSTER", "NODES"), id).Contains("slave"), "all know that it is a replica");
        await candidate.CommandAsync("CLUSTER", "FAILOVER");

        static string[] Roles(string nodes, string id) =>
            nodes.Split('\n').Select(line => line.Split(' ')).Single(fields => fields[0] == id)[2].Split(',');
    }

    private static async Task<bool> AgreeAsync(RedisNode node)
    {
        try
        {
            await RedisCli.RunAsync("--cluster", "check", $"127.0.0.1:{node.Port}");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>Tests that share one cluster; each keeps to workspaces of its own.</summary>
[CollectionDefinition(Name)]
[SuppressMessage("Naming", "CA1711", Justification = "xunit's word")]
public sealed class SharedCluster : ICollectionFixture<RedisCluster>
{
    public const string Name = "shared cluster";
}
