namespace Segmentation.Benchmarks.Ingest;

/// <summary>An operator of one replica or more with a Redis of its own, and the processor time, in seconds, that it has taken for the events that were timed.</summary>
internal sealed class Deployment(OperatorLoad load, int[] replicaPids, int redisPid) : IAsyncDisposable
{
    public OperatorLoad Load => load;

    public int[] Pids => replicaPids;

    public double ReplicaSeconds { get; private set; }

    public double RedisSeconds { get; private set; }

    /// <summary>Of this process, which sends.</summary>
    public double ClientSeconds { get; private set; }

    /// <returns>After how many seconds the events were applied.</returns>
    public async Task<double> TimeAsync(byte[][] chunks, int events)
    {
        var (replicas, redis, client) = (replicaPids.Sum(ProcessorTime.Seconds), ProcessorTime.Seconds(redisPid), Environment.CpuUsage.TotalTime);
        var took = await load.SendAsync(chunks, events);
        ReplicaSeconds += replicaPids.Sum(ProcessorTime.Seconds) - replicas;
        RedisSeconds += ProcessorTime.Seconds(redisPid) - redis;
        ClientSeconds += (Environment.CpuUsage.TotalTime - client).TotalSeconds;
        return took.TotalSeconds;
    }

    public ValueTask DisposeAsync() => load.DisposeAsync();
}
