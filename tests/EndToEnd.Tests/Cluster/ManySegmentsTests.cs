using System.Text;

namespace EndToEnd.Tests.Cluster;

[Collection(EnvironmentCollection.Name)]
public sealed class ManySegmentsTests(LocalEnvironment environment)
{
    private const int Profiles = 50;
    private static readonly int Segments = System.Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 2000 : 300;

    // Renewals of the lease, one a second in the tests, and the few watches that happen to be opened anew.
    private const double QuietRequestsPerSecond = 4;

    [Fact]
    public async Task Applied_at_once_all_serve_with_the_right_counts_and_then_the_operator_is_quiet()
    {
        await using var workspace = await environment.NewWorkspaceAsync("many");
        await workspace.ApplySegmentAsync("first", Over(0));
        await workspace.SendAsync(Enumerable.Range(1, Profiles).Select(i => ShopEvent.Order($"p-{i}", TimeProvider.System.GetUtcNow(), i)));
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Enumerable.Range(0, Segments).Aggregate(new StringBuilder(), (text, i) => text.AppendLine(Workspace.SegmentYaml($"s-{i}", Over(i % Profiles))).AppendLine("---")).ToString());
            await workspace.KubectlAsync("apply", "--validate=false", "-f", file);
        }
        finally
        {
            File.Delete(file);
        }

        var counts = Enumerable.Range(0, Segments).ToDictionary(i => $"s-{i}", i => (long?)(Profiles - (i % Profiles)));
        counts["first"] = Profiles;
        await workspace.CountsBecomeAsync(counts, TimeSpan.FromSeconds(60 + (Segments / 2)));
        await Eventually.GetAsync(RequestsPerSecondAsync, rate => rate < QuietRequestsPerSecond, "the operator asks the API server almost nothing");
    }

    private async Task<double> RequestsPerSecondAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        var before = await environment.Api.MetricAsync("rest_client_requests_total");
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        return (await environment.Api.MetricAsync("rest_client_requests_total") - before) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private static string Over(int value) => $"{{event: {{name: placed_order, max: {{of: value, gt: {value}}}}}}}";
}
