using System.Globalization;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>
/// The steps of <c>ingest.sh</c>, which starts the servers: <c>load</c>, <c>relay</c>, <c>ceiling</c>, <c>postgres</c>, <c>report</c>; and of
/// <c>replicas.sh</c>: <c>replicas</c>.
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
        ReplicasUnderLoad Deployment(string name) => new(
            new OperatorLoad([.. Text("--" + name).Split(',').Select(address => new Uri(address))], Text($"--redis-{name}"), "shop-" + name, connections: 16),
            Pids($"--pids-{name}"), Number($"--redis-pid-{name}"));
        var figures = new Figures(args.Contains("--figures") ? Text("--figures") : "");
        switch (args[0])
        {
            case "load":
                await using (var load = new OperatorLoad([new Uri(Text("--operator"))], Text("--redis"), "shop", connections: 8))
                    await load.RunAsync(Settings(), Number("--operator-pid"), Number("--redis-pid"), figures);
                return 0;
            case "relay":
                await RecordingRelay.RunAsync(Number("--listen"), Number("--redis"), Text("--folder"));
                return 0;
            case "ceiling":
                var ceiling = new Ceiling(Text("--scripts"));
                ceiling.Load(Text("--folder"));
                ceiling.Run(Number("--redis"), figures);
                return 0;
            case "postgres":
                await new PostgresPeer(Text("--postgres")).RunAsync(
                    Settings(), Text("--schema"), Number("--rows"), long.Parse(figures.Read()["compare-at"], CultureInfo.InvariantCulture), figures);
                return 0;
            case "report":
                return IngestReport.Print(figures, new Figures(Text("--recorded"))) ? 0 : 1;
            case "replicas":
                await using (var one = Deployment("one"))
                await using (var two = Deployment("two"))
                    return await ReplicasComparison.RunAsync(one, two, Settings(), Number("--warm-up"), Number("--rounds"), Number("--share") / 100.0) ? 0 : 1;
            default:
                throw new InvalidOperationException($"There is no step {args[0]}; there are load, relay, ceiling, postgres, report and replicas.");
        }
    }
}
