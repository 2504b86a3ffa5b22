using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Cdnow;

[Collection(EnvironmentCollection.Name)]
public sealed class CdnowTests(LocalEnvironment environment, ITestOutputHelper output) : IDisposable
{
    private static readonly string Segments = RepositoryRoot.Combine("tests", "EndToEnd.Tests", "Cdnow", "cdnow-segments.yaml");
    private static readonly string Cli = Path.Combine(AppContext.BaseDirectory, "kubectl-segment.dll");

    private readonly string _folder = Directory.CreateTempSubdirectory("cdnow-").FullName;

    [CdnowFact]
    public async Task At_each_date_kubectl_shows_the_published_counts_for_the_events_up_to_it()
    {
        var rows = CdnowRow.ReadAll();
        var truth = CdnowTruth.Published();
        await using var workspace = await environment.NewWorkspaceAsync("cdnow", truth[0].At);
        await workspace.KubectlAsync("apply", "-f", Segments);
        await workspace.KubectlAsync("wait", "--for=condition=Ready", "--timeout=60s", "segments", "--all");

        var before = DateTimeOffset.MinValue;
        foreach (var (at, counts) in truth)
        {
            await environment.Api.SetClockAsync(at);
            await ImportAsync(workspace, rows.Where(row => row.At > before && row.At <= at), at.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
            foreach (var (segment, count) in counts)
                await workspace.StatusBecomesAsync("segment/" + segment, status => status.MemberCount == count, $"{count} members at {at:d}");
            await ShouldShowAsync(workspace, counts);
            before = at;
        }

        output.WriteLine($"memory of the operator, MiB: now {await environment.Operator.MemoryMebibytesAsync("VmRSS")}, at most {await environment.Operator.MemoryMebibytesAsync()}");
    }

    [CdnowFact]
    public async Task Half_a_year_later_the_members_are_right_although_no_event_came()
    {
        var (begin, end) = (DateTimeOffset.Parse("1998-01-01T00:00:00Z"), DateTimeOffset.Parse("1998-07-01T00:00:00Z"));
        var rows = CdnowRow.ReadAll().Where(row => row.At <= begin).ToArray();
        await using var workspace = await environment.NewWorkspaceAsync("cdnow-time", begin);
        await workspace.KubectlAsync("apply", "-f", Segments);
        await workspace.KubectlAsync("wait", "--for=condition=Ready", "--timeout=60s", "segments", "--all");
        await ImportAsync(workspace, rows, "until-1998");
        await ShouldHoldAsync(workspace, CdnowTruth.MembersAt(begin, rows));

        await environment.Api.SetClockAsync(end);
        var moved = Stopwatch.GetTimestamp();
        await ShouldHoldAsync(workspace, CdnowTruth.MembersAt(end, rows));
        output.WriteLine($"half a year went by in {Stopwatch.GetElapsedTime(moved).TotalSeconds:F1} s");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task ImportAsync(Workspace workspace, IEnumerable<CdnowRow> rows, string name)
    {
        var portion = rows.ToArray();
        var file = Path.Combine(_folder, name + ".txt");
        CdnowRow.Write(file, portion);
        var started = Stopwatch.GetTimestamp();
        var import = await Command.RunAsync("dotnet",
        [
            Cli, "import", file, "--server", environment.Operator.Address.ToString(), "--workspace", workspace.Name, "--delimiter", "whitespace",
            "--id-from-row", name + "-", "--event", "placed_order", "--profile", "customer_id", "--time", "date", "--time-format", "yyyyMMdd",
            "--value", "dollar_value",
        ]);
        import.ShouldSucceed();
        var acknowledged = Stopwatch.GetElapsedTime(started);
        var all = await AppliedAsync(workspace);
        var applied = Stopwatch.GetElapsedTime(started);
        output.WriteLine(
            $"{name}: {portion.Length} events, acknowledged in {acknowledged.TotalSeconds:F1} s ({portion.Length / acknowledged.TotalSeconds:F0}/s),"
            + $" applied in {applied.TotalSeconds:F1} s ({portion.Length / applied.TotalSeconds:F0}/s), {all} in all");
    }

    /// <summary>Waits until every accepted event is applied.</summary>
    private async Task<double> AppliedAsync(Workspace workspace)
    {
        var label = $"workspace=\"{workspace.Name}\"";
        var accepted = await environment.Api.MetricAsync("segmentation_events_accepted_total", label);
        return await Eventually.GetAsync(
            () => environment.Api.MetricAsync("segmentation_events_applied_total", label), applied => applied.Equals(accepted), $"all {accepted} events are applied");
    }

    private static async Task ShouldShowAsync(Workspace workspace, IReadOnlyDictionary<string, long> counts)
    {
        var lines = (await workspace.KubectlAsync("get", "segments")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (name, members) = (Array.IndexOf(header, "NAME"), Array.IndexOf(header, "MEMBERS"));
        lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(cells => cells[name], cells => long.Parse(cells[members], CultureInfo.InvariantCulture))
            .ShouldBe(counts, ignoreOrder: true);
    }

    private static async Task ShouldHoldAsync(Workspace workspace, IReadOnlyDictionary<string, IReadOnlyList<string>> wanted)
    {
        foreach (var (segment, members) in wanted)
        {
            await workspace.StatusBecomesAsync("segment/" + segment, status => status.MemberCount == members.Count, $"{members.Count} members");
            (await workspace.MembersAsync(segment)).Order(StringComparer.Ordinal).ShouldBe(members.Order(StringComparer.Ordinal), $"members of {segment}");
        }
    }
}
