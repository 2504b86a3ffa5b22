using System.Diagnostics;
using System.Globalization;
using Segmentation.Benchmarks.Ingest;

namespace Segmentation.Benchmarks.Live;

/// <summary>The steps of <c>freshness.sh</c>, <c>growth.sh</c>, <c>backfill.sh</c> and <c>rfm.sh</c>, which start the servers. Each prints rows of a table in Markdown.</summary>
internal static class LiveCommand
{
    private const int EventsPerRequest = 1_000;
    private const int WarmUpRounds = 5;
    private const int EventsPerWarmUp = 100_000;

    public static async Task RunAsync(string[] args)
    {
        string Text(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : throw new InvalidOperationException($"{name} is missing; the script gives it.");
        int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
        await using var client = new LiveClient(new Uri(Text("--operator")), Text("--redis"));
        var events = new LiveEvents(42);
        switch (args[0])
        {
            case "freshness":
                await FreshnessAsync(client, events, Number("--profiles"), TimeSpan.FromSeconds(Number("--seconds")), Number("--per-request"), Text("--rates"), Number("--operator-pid"), Number("--redis-pid"));
                break;
            case "wave":
                await WaveAsync(client, events, Number("--profiles"), Number("--rate"), Number("--fill-seconds"));
                break;
            case "fill":
                await FillAsync(client, events, Number("--profiles"), Number("--events-each"));
                break;
            case "orders":
                await OrdersAsync(client, events, Number("--profiles"), Number("--from-days-ago"), Number("--until-days-ago"));
                break;
            case "cost":
                await CostAsync(
                    client, events, Text("--what"), Number("--profiles"), Number("--events-each"), Number("--active"), Number("--events"), Number("--operator-pid"), Number("--redis-pid"));
                break;
            case "idle":
                await IdleAsync(client, Text("--what"), TimeSpan.FromSeconds(Number("--seconds")), Number("--operator-pid"), Number("--redis-pid"));
                break;
            case "during":
                await DuringAsync(client, events, Text("--what"), Number("--profiles"), Number("--rate"), Text("--until-file"));
                break;
            default:
                throw new InvalidOperationException($"There is no step {args[0]}; there are freshness, wave, fill, orders, cost, idle and during.");
        }
    }

    /// <param name="perRequest">Events of a request; 0 for 1,000 where the maximum is measured, and for as many as fit into 100 requests a second elsewhere.</param>
    private static async Task FreshnessAsync(
        LiveClient client, LiveEvents events, int profiles, TimeSpan duration, int perRequest, string rates, int operatorPid, int redisPid)
    {
        using var watch = client.Watch();
        var (probes, fresh) = (await client.KeysOfAsync("probes"), await client.KeysOfAsync("fresh-probes"));
        int? each = perRequest == 0 ? null : perRequest;
        var (bulk, connections) = perRequest == 0 ? (300_000, 8) : (100_000, 64);
        await client.SendAllAsync(Bodies(events, bulk, profiles, perRequest: each), bulk, connections);
        var maximum = bulk / (await client.SendAllAsync(Bodies(events, bulk, profiles, perRequest: each), bulk, connections)).TotalSeconds;
        Table.Row($"maximum: {each ?? EventsPerRequest} events a request, {connections} connections", $"{maximum:0}/s");
        await new Freshness(client, watch, events, probes, fresh).RunAsync(maximum / 4, TimeSpan.FromSeconds(10), profiles, each); // warms up
        (string Name, double PerSecond)[] all = rates.Length == 0
            ? [("25 %, ", maximum * 0.25), ("50 %, ", maximum * 0.5), ("80 %, ", maximum * 0.8)]
            : [.. rates.Split(',').Select(rate => ("", double.Parse(rate, CultureInfo.InvariantCulture)))];
        foreach (var (name, rate) in all)
        {
            var freshness = new Freshness(client, watch, events, probes, fresh);
            var before = Used();
            await freshness.RunAsync(rate, duration, profiles, each);
            var used = Used().Zip(before, (now, then) => (now - then) / (rate * duration.TotalSeconds) * 1e6).ToArray();
            Table.Row($"{name}{rate:0}/s: event to visible membership", $"{freshness.Entered}");
            Table.Row($"{name}{rate:0}/s: lateness of memberships that end by time", $"{freshness.Left}");
            Table.Row($"{name}{rate:0}/s: processor time", $"{used[0]:0.0} µs per event of the operator, {used[1]:0.0} µs of Redis, {used[2]:0.0} µs of this client");
        }

        double[] Used() => [ProcessorTime.Seconds(operatorPid), ProcessorTime.Seconds(redisPid), Environment.CpuUsage.TotalTime.TotalSeconds];
    }

    private static async Task WaveAsync(LiveClient client, LiveEvents events, int profiles, int rate, int fillSeconds)
    {
        using var watch = client.Watch();
        var (probes, wave) = (await client.KeysOfAsync("probes"), await client.KeysOfAsync("wave"));
        var turnMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + (fillSeconds * 1000L);
        var hourBefore = turnMs - 3_600_000;
        await client.SendAllAsync(Chunks(profiles).Select(chunk => events.One("wave", chunk.From, chunk.To, _ => hourBefore)), profiles);
        if (await client.CountAsync(wave) is var members && members != profiles) throw new InvalidOperationException($"{members} members of {profiles}: fill for longer than {fillSeconds} s.");

        await new Freshness(client, watch, events, probes, null).RunAsync(rate, TimeSpan.FromSeconds(5), profiles);
        var calm = new Freshness(client, watch, events, probes, null);
        var room = TimeSpan.FromMilliseconds(turnMs - TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()) - TimeSpan.FromSeconds(2);
        await calm.RunAsync(rate, room < TimeSpan.FromSeconds(30) ? room : TimeSpan.FromSeconds(30), profiles);
        while (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() < turnMs) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);

        var sinceTurn = Stopwatch.StartNew();
        var during = new Freshness(client, watch, events, probes, null);
        var drained = DrainedAsync(client, wave, sinceTurn);
        await during.RunUntilAsync(() => drained.IsCompleted, rate, profiles);
        Table.Row($"{profiles} memberships that end at one instant", $"{profiles / (await drained).TotalSeconds:0}/s; the last was gone after {(await drained).TotalSeconds:0.0} s");
        Table.Row($"event to visible membership before, {rate}/s", $"{calm.Entered}");
        Table.Row($"event to visible membership during, {rate}/s", $"{during.Entered}");
    }

    private static async Task<TimeSpan> DrainedAsync(LiveClient client, SegmentKeys segment, Stopwatch sinceTurn)
    {
        while (await client.CountAsync(segment) > 0) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        return sinceTurn.Elapsed;
    }

    // A customer's first event is the day before yesterday, the others follow it by a minute each.
    /// <returns>How many bytes of Redis each customer takes.</returns>
    private static async Task<long> FillAsync(LiveClient client, LiveEvents events, int profiles, int eventsEach)
    {
        var beginMs = TimeProvider.System.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        var bodies = Enumerable.Range(0, eventsEach).SelectMany(turn =>
            Chunks(profiles).Select(chunk => events.One("viewed_product", chunk.From, chunk.To, profile => beginMs + (turn * (172_000_000L / eventsEach)) + (profile % 10_000))));
        var bytes = await client.BytesAsync();
        var took = await client.SendAllAsync(bodies, profiles * eventsEach);
        var bytesEach = (await client.BytesAsync() - bytes) / profiles;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{profiles} customers of {eventsEach} events in {took.TotalSeconds:0} s, {bytesEach} bytes of Redis each; asked to wait {client.Refused} times"));
        return bytesEach;
    }

    private static async Task OrdersAsync(LiveClient client, LiveEvents events, int profiles, int fromDaysAgo, int untilDaysAgo)
    {
        var orders = new CustomerOrders(profiles);
        var count = orders.Between(fromDaysAgo, untilDaysAgo).Count();
        var took = await client.SendAllAsync(orders.Between(fromDaysAgo, untilDaysAgo).Chunk(EventsPerRequest).Select(events.Orders), count);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} orders of {profiles} customers in {took.TotalSeconds:0} s; asked to wait {client.Refused} times"));
    }

    private static async Task CostAsync(LiveClient client, LiveEvents events, string what, int profiles, int eventsEach, int active, int count, int operatorPid, int redisPid)
    {
        await WarmUpAsync(client);
        var bytesEach = await FillAsync(client, events, profiles, eventsEach);
        await client.SendAllAsync(Bodies(events, count, profiles, profiles / active), count);
        var bodies = Bodies(events, count, profiles, profiles / active);
        var (operatorBefore, redisBefore) = (ProcessorTime.Seconds(operatorPid), ProcessorTime.Seconds(redisPid));
        var took = await client.SendAllAsync(bodies, count);
        var (ofOperator, ofRedis) = ((ProcessorTime.Seconds(operatorPid) - operatorBefore) / count * 1e6, (ProcessorTime.Seconds(redisPid) - redisBefore) / count * 1e6);
        Table.Row($"{what}", $"{ofOperator + ofRedis:0.0}", $"{ofOperator:0.0}", $"{ofRedis:0.0}", $"{count / took.TotalSeconds:0}", $"{bytesEach}");
    }

    // By customers of its own, so that every row is of code that is compiled for good, however little was sent before; that is done in pauses.
    private static async Task WarmUpAsync(LiveClient client)
    {
        var events = new LiveEvents(7, "warm-up-");
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await client.SendAllAsync(Bodies(events, EventsPerWarmUp, 1_000), EventsPerWarmUp);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private static async Task IdleAsync(LiveClient client, string what, TimeSpan duration, int operatorPid, int redisPid)
    {
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System);
        var (operatorBefore, redisBefore) = (ProcessorTime.Seconds(operatorPid), ProcessorTime.Seconds(redisPid));
        await Task.Delay(duration, TimeProvider.System);
        double Percent(double seconds) => seconds / duration.TotalSeconds * 100;
        var (ofOperator, ofRedis) = (Percent(ProcessorTime.Seconds(operatorPid) - operatorBefore), Percent(ProcessorTime.Seconds(redisPid) - redisBefore));
        Table.Row($"{what}", $"{ofOperator + ofRedis:0.00} % of a core", $"{ofOperator:0.00} %", $"{ofRedis:0.00} %", $"0", $"");
    }

    private static async Task DuringAsync(LiveClient client, LiveEvents events, string what, int profiles, int rate, string untilFile)
    {
        using var watch = client.Watch();
        var probes = await client.KeysOfAsync("probes");
        await new Freshness(client, watch, events, probes, null).RunAsync(rate, TimeSpan.FromSeconds(2), profiles); // warms up
        Console.WriteLine("sending");
        var freshness = new Freshness(client, watch, events, probes, null);
        await freshness.RunUntilAsync(() => File.Exists(untilFile), rate, profiles);
        Table.Row($"{what}: event to visible membership, {rate}/s", $"{freshness.Entered}");
    }

    private static byte[][] Bodies(LiveEvents events, int count, int profiles, int every = 1, int? perRequest = null)
    {
        var at = LiveEvents.Instant(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        return [.. Chunks(count, perRequest ?? EventsPerRequest).Select(chunk => events.Shop(chunk.To - chunk.From, profiles, at, every: every))];
    }

    // So many of something, by what one request holds; without the second number.
    private static IEnumerable<(int From, int To)> Chunks(int count, int each = EventsPerRequest) =>
        Enumerable.Range(0, (count + each - 1) / each).Select(i => (i * each, Math.Min(count, (i + 1) * each)));
}
