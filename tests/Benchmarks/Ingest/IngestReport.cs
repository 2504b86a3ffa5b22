using System.Globalization;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>Prints what a run has measured, once it is certain that all kept the same memberships.</summary>
internal static class IngestReport
{
    /// <returns>False, and not one number, when the peer has other memberships than the operator.</returns>
    public static bool Print(Figures run, Figures recorded)
    {
        var (figures, recording) = (run.Read(), recorded.Read());
        double Number(string name) => Figures.Number(figures, name);
        if (figures.TryGetValue("postgres-memberships", out var peer) && peer != figures["memberships"])
        {
            Console.Error.WriteLine($"error: the operator's memberships ({figures["memberships"]}) are not the peer's ({peer}); the figures count for nothing");
            return false;
        }

        var (events, seconds) = (Number("events"), Number("seconds"));
        var rate = events / seconds;
        var ceiling = Figures.Number(recording, "events") / Number("ceiling-seconds");
        Row("what", "measured");
        Row("---", "---");
        Row("events applied and in Redis", $"{rate:0}/s ({events:0} in {seconds:0.0} s; all acknowledged after {Number("accepted-seconds"):0.0} s, {figures["asked-to-wait"]} requests asked to wait)");
        Row("processor time of the operator", $"{Number("operator-cpu") / events * 1e6:0.0} µs per event ({Number("operator-cpu") / seconds:0.00} cores)");
        Row("processor time of Redis", $"{Number("redis-cpu") / events * 1e6:0.0} µs per event ({Number("redis-cpu") / seconds:0.00} cores)");
        Row("processor time of the client that sends", $"{Number("client-cpu") / events * 1e6:0.0} µs per event ({Number("client-cpu") / seconds:0.00} cores)");
        Row("memory of Redis", $"{Number("redis-bytes") / 1e6:0} MB more, {Number("redis-bytes") / events:0} bytes per event");
        Row("memory of the operator", $"{Number("operator-megabytes"):0} MB");
        Row("ceiling: the same writes into an empty Redis, bare socket", $"{ceiling:0}/s ({figures["ceiling-appends"]} appends and {figures["ceiling-commits"]} commits of {recording["events"]} events, {Number("ceiling-bytes") / 1e6:0} MB)");
        Row("of the ceiling", $"{rate / ceiling:0.00}");
        if (peer is null) return true;
        var peerRate = events / Number("postgres-seconds");
        Row("PostgreSQL with a trigger per statement", $"{peerRate:0}/s ({Number("postgres-seconds"):0.0} s, {figures["postgres-rows-per-statement"]} rows a statement, {figures["postgres-jobs"]} runs of the job for time within it, one takes {Number("postgres-job-seconds"):0.0} s; {Number("postgres-bytes") / 1e6:0} MB)");
        Row("of PostgreSQL", $"{rate / peerRate:0.0}");
        Row("memberships, the same in both", peer);
        return true;
    }

    private static void Row(string what, FormattableString measured) => Console.WriteLine($"| {what} | {measured.ToString(CultureInfo.InvariantCulture)} |");

    private static void Row(string what, string measured) => Console.WriteLine($"| {what} | {measured} |");
}
