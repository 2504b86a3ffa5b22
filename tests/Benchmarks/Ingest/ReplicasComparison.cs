using System.Globalization;

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
    public static async Task<bool> RunAsync(ReplicasUnderLoad one, ReplicasUnderLoad two, LoadSettings settings, int warmUpEvents, int rounds, double share)
    {
        var chunks = ShopLoad.Chunks(ShopLoad.Generate(settings), OperatorLoad.EventsPerRequest);
        var warmUp = warmUpEvents / OperatorLoad.EventsPerRequest;
        var each = (chunks.Length - warmUp) / rounds;
        var events = each * rounds * OperatorLoad.EventsPerRequest;
        await WarmUpAsync([one, two], chunks[..warmUp]);
        var ratios = new List<double>();
        using (new Throttle([.. one.Pids, .. two.Pids], share))
        {
            for (var round = 0; round < rounds; round++)
            {
                var (part, count) = (chunks[(warmUp + (round * each))..(warmUp + ((round + 1) * each))], each * OperatorLoad.EventsPerRequest);
                var first = await (round % 2 == 0 ? one : two).TimeAsync(part, count);
                var second = await (round % 2 == 0 ? two : one).TimeAsync(part, count);
                ratios.Add(round % 2 == 0 ? first / second : second / first);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {rounds}: {ratios[^1]:0.00}"));
            }
        }

        var at = OperatorLoad.CompareAt(TimeProvider.System.GetUtcNow());
        var (alone, shared) = ($"{await one.Load.MembershipsAsync(at)}", $"{await two.Load.MembershipsAsync(at)}");
        if (alone != shared)
        {
            Console.Error.WriteLine($"error: two replicas' memberships ({shared}) are not one's ({alone}); the figures count for nothing");
            return false;
        }
        Row($"what", $"one replica", $"two replicas");
        Row($"---", $"---", $"---");
        Row($"events applied and in Redis", $"{events / one.Seconds:0}/s", $"{events / two.Seconds:0}/s");
        Row($"processor time of the replicas", $"{one.ReplicaSeconds / events * 1e6:0.0} µs per event", $"{two.ReplicaSeconds / events * 1e6:0.0} µs per event");
        Row($"processor time of Redis", $"{one.RedisSeconds / events * 1e6:0.0} µs per event", $"{two.RedisSeconds / events * 1e6:0.0} µs per event");
        ratios.Sort();
        Row($"two to one, median of {rounds} rounds (least to most)", $"1", $"{ratios[rounds / 2]:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})");
        Row($"memberships, the same in both", $"{alone}", $"{shared}");
        return true;
    }

    // In parts, for code is compiled for good in the pauses between them.
    private static async Task WarmUpAsync(ReplicasUnderLoad[] deployments, byte[][] chunks)
    {
        foreach (var part in chunks.Chunk(100))
        {
            foreach (var deployment in deployments) await deployment.Load.SendAsync(part, part.Length * OperatorLoad.EventsPerRequest);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private static void Row(FormattableString what, FormattableString one, FormattableString two) =>
        Console.WriteLine($"| {FormattableString.Invariant(what)} | {FormattableString.Invariant(one)} | {FormattableString.Invariant(two)} |");
}
