namespace Segmentation.Operator.Tests.Redis;

/// <summary>Makes a cluster of servers that were started as parts of one.</summary>
internal static class ClusterSetup
{
    public const int Slots = 16384;

    /// <summary>The first <paramref name="masters"/> nodes share the slots evenly; the others replicate them in turn.</summary>
    public static async Task JoinAsync(IReadOnlyList<RedisNode> nodes, int masters)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            if (i < masters) await nodes[i].CommandAsync("CLUSTER", "ADDSLOTSRANGE", $"{Slots * i / masters}", $"{(Slots * (i + 1) / masters) - 1}");
            await nodes[i].CommandAsync("CLUSTER", "SET-CONFIG-EPOCH", $"{i + 1}");
            if (i > 0) await nodes[i].CommandAsync("CLUSTER", "MEET", "127.0.0.1", $"{nodes[0].Port}", $"{nodes[0].BusPort}");
        }
        await ServesAsync(nodes);
        for (var i = masters; i < nodes.Count; i++)
        {
            var replica = nodes[i];
            await replica.CommandAsync("CLUSTER", "REPLICATE", await IdAsync(nodes[i % masters]));
            await Eventually.HoldsAsync(async () => (await replica.CommandAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal), "the replica follows");
        }
    }

    /// <summary>Waits until each node knows all others and that every slot is served.</summary>
    public static Task ServesAsync(IReadOnlyList<RedisNode> nodes) => Eventually.HoldsAsync(
        async () => (await Task.WhenAll(nodes.Select(node => node.CommandAsync("CLUSTER", "INFO")))).All(info =>
            info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains($"cluster_known_nodes:{nodes.Count}\r", StringComparison.Ordinal)),
        "the cluster serves");

    public static async Task<string> IdAsync(RedisNode node) => (await node.CommandAsync("CLUSTER", "MYID")).Trim();
}
