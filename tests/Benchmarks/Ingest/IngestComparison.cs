namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// The operator beside what Redis alone could take and beside PostgreSQL. All of them run all the time and get the load part by part, in turns.
/// </summary>
internal static class IngestComparison
{
    /// <param name="operators">One replica.</param>
    /// <param name="ceiling">A recording of <paramref name="recordedEvents"/> of the events, and an empty Redis.</param>
    /// <param name="recordedEvents">How many events that are.</param>
    /// <param name="peer">PostgreSQL, or null to do without it.</param>
    /// <param name="settings">The events.</param>
    /// <param name="rounds">In how many parts.</param>
    /// <returns>False, and no figures, when the peer keeps other memberships than the operator.</returns>
    public static async Task<bool> RunAsync(Deployment operators, Ceiling ceiling, int recordedEvents, PostgresPeer? peer, LoadSettings settings, int rounds)
    {
        var load = ShopLoad.Generate(settings);
        var redisBefore = await operators.Load.RedisMemoryAsync();
        Contender live = new(load.Length / (double)rounds, part =>
        {
            var events = Part(part);
            return operators.TimeAsync(ShopLoad.Chunks(events, OperatorLoad.EventsPerRequest), events.Length);
        });
        Contender replay = new(recordedEvents / (double)rounds, part => Task.FromResult(ceiling.Time(part, rounds)));
        Contender? table = peer is null ? null : new(load.Length / (double)rounds, part => peer.TimeAsync(Part(part)));
        await Contender.TakeTurnsAsync(rounds, table is null ? [live, replay] : [live, replay, table]);

        var redisBytes = await operators.Load.RedisMemoryAsync() - redisBefore;
        var operatorMegabytes = await operators.Load.OperatorMegabytesAsync();
        var at = OperatorLoad.CompareAt(TimeProvider.System.GetUtcNow());
        var (ours, theirs) = ($"{await operators.Load.MembershipsAsync(at)}", peer is null ? null : $"{await peer.MembershipsAsync(at)}");
        if (theirs is not null && ours != theirs)
        {
            Console.Error.WriteLine($"error: the operator's memberships ({ours}) are not the peer's ({theirs}); the figures count for nothing");
            return false;
        }
        Table.Head("what", "measured");
        Table.Row($"events applied and in Redis", $"{live.EventsPerSecond:0}/s ({load.Length} in {live.Seconds:0.0} s, {operators.Load.Refused} requests asked to wait)");
        Table.Row($"processor time of the operator", $"{PerEvent(operators.ReplicaSeconds):0.0} µs per event ({operators.ReplicaSeconds / live.Seconds:0.00} cores)");
        Table.Row($"processor time of Redis", $"{PerEvent(operators.RedisSeconds):0.0} µs per event ({operators.RedisSeconds / live.Seconds:0.00} cores)");
        Table.Row($"processor time of the client that sends", $"{PerEvent(operators.ClientSeconds):0.0} µs per event ({operators.ClientSeconds / live.Seconds:0.00} cores)");
        Table.Row($"memory of Redis", $"{redisBytes / 1e6:0} MB more, {redisBytes / (double)load.Length:0} bytes per event");
        Table.Row($"memory of the operator", $"{operatorMegabytes:0} MB");
        Table.Row($"ceiling: the same writes into an empty Redis, bare socket", $"{replay.EventsPerSecond:0}/s ({ceiling.Appends} appends and {ceiling.Commits} commits of {recordedEvents} events, {ceiling.Bytes / 1e6:0} MB)");
        Table.Row($"of the ceiling, median of {rounds} rounds (least to most)", $"{live.Against(replay)}");
        if (peer is null || table is null) return true;
        Table.Row($"PostgreSQL with a trigger per statement", $"{table.EventsPerSecond:0}/s ({table.Seconds:0.0} s, {peer.RowsPerStatement} rows a statement, {peer.Jobs} runs of the job for time within it, one takes {peer.JobSeconds:0.0} s; {peer.Bytes / 1e6:0} MB)");
        Table.Row($"of PostgreSQL, median of {rounds} rounds (least to most)", $"{live.Against(table)}");
        Table.Row($"memberships, the same in both", $"{ours}");
        return true;

        ShopEvent[] Part(int part) => load[Start(part)..Start(part + 1)];
        int Start(int part) => (int)((long)load.Length * part / rounds);
        double PerEvent(double seconds) => seconds / load.Length * 1e6;
    }
}
