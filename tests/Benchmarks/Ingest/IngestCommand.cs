using System.Globalization;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// The steps of <c>ingest.sh</c>, which starts the servers: <c>relay</c>, <c>record</c>, <c>compare</c>; and of <c>replicas.sh</c>: <c>replicas</c>.
/// </summary>
internal static class IngestCommand
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        string Text(string name) => Array.IndexOf(args, name) is >= 0 and var at ? args[at + 1] : throw new InvalidOperationException($"{name} is missing; ingest.sh gives it.");
        int Number(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);
        int[] Pids(string name) => Array.ConvertAll(Text(name).Split(','), pid => int.Parse(pid, CultureInfo.InvariantCulture));
        long Long(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);
        LoadSettings Settings() => new(Number("--profiles"), Number("--events"), Text("--distribution") == "zipf", Long("--until"));
        Deployment Replicas(string name) => new(
            new OperatorLoad([.. Text("--" + name).Split(',').Select(address => new Uri(address))], Text($"--redis-{name}"), "shop-" + name, connections: 16),
            Pids($"--pids-{name}"), Number($"--redis-pid-{name}"));
        OperatorLoad One() => new([new Uri(Text("--operator"))], Text("--redis"), "shop", connections: 8);
        switch (args[0])
        {
            case "relay":
                await RecordingRelay.RunAsync(Number("--listen"), Number("--redis"), Text("--folder"));
                return 0;
            case "record":
                await using (var load = One()) await load.SendAsync(ShopLoad.Chunks(ShopLoad.Generate(Settings()), OperatorLoad.EventsPerRequest), Number("--events"));
                return 0;
            case "compare":
                using (var ceiling = new Ceiling(Text("--scripts"), Text("--folder"), Number("--empty-redis")))
                await using (var operators = new Deployment(One(), [Number("--operator-pid")], Number("--redis-pid")))
                await using (var peer = args.Contains("--postgres") ? await PostgresPeer.CreateAsync(Text("--postgres"), Text("--schema"), Number("--profiles"), Number("--rows")) : null)
                    return await IngestComparison.RunAsync(operators, ceiling, Number("--recorded-events"), peer, Settings(), Number("--rounds")) ? 0 : 1;
            case "replicas":
                await using (var one = Replicas("one"))
                await using (var two = Replicas("two"))
                    return await ReplicasComparison.RunAsync(one, two, Settings(), Number("--warm-up"), Number("--rounds"), Number("--share") / 100.0) ? 0 : 1;
            default:
                throw new InvalidOperationException($"There is no step {args[0]}; there are relay, record, compare and replicas.");
        }
    }
}
