using System.Globalization;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>Prints what two replicas make of a load that one was given, too, once it is certain that the memberships are the same.</summary>
internal static class ReplicasReport
{
    /// <returns>False, and not one number, when two replicas keep other memberships than one.</returns>
    public static bool Print(Figures one, Figures two)
    {
        var (alone, shared) = (one.Read(), two.Read());
        if (alone["memberships"] != shared["memberships"])
        {
            Console.Error.WriteLine($"error: two replicas' memberships ({shared["memberships"]}) are not one's ({alone["memberships"]}); the figures count for nothing");
            return false;
        }

        double Rate(IReadOnlyDictionary<string, string> run) => Figures.Number(run, "events") / Figures.Number(run, "seconds");
        string Cores(IReadOnlyDictionary<string, string> run, string of) =>
            string.Create(CultureInfo.InvariantCulture, $"{Figures.Number(run, of) / Figures.Number(run, "seconds"):0.00} cores");
        Row("what", "one replica", "two replicas");
        Row("---", "---", "---");
        Row("events applied and in Redis", $"{Rate(alone):0}/s", $"{Rate(shared):0}/s");
        Row("processor time of the replicas", Cores(alone, "operator-cpu"), Cores(shared, "operator-cpu"));
        Row("processor time of Redis", Cores(alone, "redis-cpu"), Cores(shared, "redis-cpu"));
        Row("two to one", "1", string.Create(CultureInfo.InvariantCulture, $"{Rate(shared) / Rate(alone):0.00}"));
        Row("memberships, the same in both", alone["memberships"], shared["memberships"]);
        return true;
    }

    private static void Row(string what, string one, string two) => Console.WriteLine($"| {what} | {one} | {two} |");
}
