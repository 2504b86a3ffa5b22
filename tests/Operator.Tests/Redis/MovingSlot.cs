namespace Segmentation.Operator.Tests.Redis;

/// <summary>A slot that is moved from its node to the next one as slowly as a test likes, with the commands that every tool uses.</summary>
internal sealed class MovingSlot
{
    private readonly RedisCluster _cluster;
    private readonly RedisNode _from;
    private readonly RedisNode _to;
    private readonly string _slot;

    private MovingSlot(RedisCluster cluster, RedisNode from, RedisNode to, string slot) => (_cluster, _from, _to, _slot) = (cluster, from, to, slot);

    public static async Task<MovingSlot> BeginAsync(RedisCluster cluster, string key)
    {
        var from = await cluster.HolderAsync(key);
        var to = cluster.Nodes[(cluster.Nodes.ToList().IndexOf(from) + 1) % RedisCluster.MasterCount];
        var slot = new MovingSlot(cluster, from, to, (await from.CommandAsync("CLUSTER", "KEYSLOT", key)).Trim());
        await to.CommandAsync("CLUSTER", "SETSLOT", slot._slot, "IMPORTING", await ClusterSetup.IdAsync(from));
        await from.CommandAsync("CLUSTER", "SETSLOT", slot._slot, "MIGRATING", await ClusterSetup.IdAsync(to));
        return slot;
    }

    /// <summary>The keys that have not moved yet.</summary>
    public async Task<string[]> LeftAsync() => (await _from.CommandAsync("CLUSTER", "GETKEYSINSLOT", _slot, "100000")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task MoveAsync(params string[] keys)
    {
        if (keys.Length > 0) await _from.CommandAsync(["MIGRATE", "127.0.0.1", $"{_to.Port}", "", "0", "60000", "KEYS", .. keys]);
    }

    /// <summary>Moves what is left, and makes the other node the slot's.</summary>
    public async Task FinishAsync()
    {
        while (await LeftAsync() is { Length: > 0 } left) await MoveAsync(left);
        var id = await ClusterSetup.IdAsync(_to);
        foreach (var node in (RedisNode[])[_to, _from, .. _cluster.Nodes.Except([_to, _from])]) await node.CommandAsync("CLUSTER", "SETSLOT", _slot, "NODE", id);
    }
}
