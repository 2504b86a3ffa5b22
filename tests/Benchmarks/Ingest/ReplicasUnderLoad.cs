namespace Segmentation.Benchmarks.Ingest;

/// <summary>A deployment of one replica or more with a Redis of its own, and what it has taken for the events that were timed.</summary>
internal sealed class ReplicasUnderLoad(OperatorLoad load, int[] replicaPids, int redisPid) : IAsyncDisposable
{
    public OperatorLoad Load => load;

    public int[] Pids => replicaPids;

    public double Seconds { get; private set; }

    public double ReplicaSeconds { get; private set; }

    public double RedisSeconds { get; private set; }

    /// <returns>How long it took, in seconds.</returns>
    public async Task<double> TimeAsync(byte[][] chunks, int events)
    {
        var (replicas, redis) = (replicaPids.Sum(ProcessorTime.Seconds), ProcessorTime.Seconds(redisPid));
        var took = (await load.SendAsync(chunks, events)).Applied.TotalSeconds;
        Seconds += took;
        ReplicaSeconds += replicaPids.Sum(ProcessorTime.Seconds) - replicas;
        RedisSeconds += ProcessorTime.Seconds(redisPid) - redis;
        return took;
    }

    public ValueTask DisposeAsync() => load.DisposeAsync();
}
