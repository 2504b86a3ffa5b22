namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// What two small replicas make of a load that one is given, too. Both deployments run all the time and get the events in turns, some at a time, for a machine may
/// become half as fast from one minute to the next; the same events have the same number.
/// </summary>
internal static class ReplicasComparison
{
    /// <param name="one">One replica.</param>
    /// <param name="two">Two of them.</param>
    /// <param name="settings">The events that are timed and those before them.</param>
    /// <param name="warmUpEvents">How many of the events are sent to each before the clock starts, when the replicas are not small yet and soon compiled for good.</param>
    /// <param name="rounds">In how many parts the others are sent, each of whole requests.</param>
    /// <param name="share">How much of a core each replica may use from then on.</param>
    /// <returns>False, and no ratio, when two replicas keep other memberships than one.</returns>
    public static async Task<bool> RunAsync(Deployment one, Deployment two, LoadSettings settings, int warmUpEvents, int rounds, double share)
    {
        var chunks = ShopLoad.Chunks(ShopLoad.Generate(settings), OperatorLoad.EventsPerRequest);
        var warmUp = warmUpEvents / OperatorLoad.EventsPerRequest;
        var each = (chunks.Length - warmUp) / rounds;
        await WarmUpAsync([one, two], chunks[..warmUp]);
        var (alone, shared) = (On(one), On(two));
        using (new Throttle([.. one.Pids, .. two.Pids], share)) await Contender.TakeTurnsAsync(rounds, alone, shared);

        var at = OperatorLoad.CompareAt(TimeProvider.System.GetUtcNow());
        var (members, sharedMembers) = ($"{await one.Load.MembershipsAsync(at)}", $"{await two.Load.MembershipsAsync(at)}");
        if (members != sharedMembers)
        {
            Console.Error.WriteLine($"error: two replicas' memberships ({sharedMembers}) are not one's ({members}); the figures count for nothing");
            return false;
        }
        Table.Head("what", "one replica", "two replicas");
        Table.Row($"events applied and in Redis", $"{alone.EventsPerSecond:0}/s", $"{shared.EventsPerSecond:0}/s");
        Table.Row($"processor time of the replicas", $"{PerEvent(one.ReplicaSeconds):0.0} µs per event", $"{PerEvent(two.ReplicaSeconds):0.0} µs per event");
        Table.Row($"processor time of Redis", $"{PerEvent(one.RedisSeconds):0.0} µs per event", $"{PerEvent(two.RedisSeconds):0.0} µs per event");
        Table.Row($"two to one, median of {rounds} rounds (least to most)", $"1", $"{shared.Against(alone)}");
        Table.Row($"memberships, the same in both", $"{members}", $"{sharedMembers}");
        return true;

        Contender On(Deployment deployment) => new(each * OperatorLoad.EventsPerRequest, part =>
            deployment.TimeAsync(chunks[(warmUp + (part * each))..(warmUp + ((part + 1) * each))], each * OperatorLoad.EventsPerRequest));
        double PerEvent(double seconds) => seconds / (each * rounds * OperatorLoad.EventsPerRequest) * 1e6;
    }

    // In parts, for code is compiled for good in the pauses between them.
    private static async Task WarmUpAsync(Deployment[] deployments, byte[][] chunks)
    {
        foreach (var part in chunks.Chunk(100))
        {
            foreach (var deployment in deployments) await deployment.Load.SendAsync(part, part.Length * OperatorLoad.EventsPerRequest);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }
}
