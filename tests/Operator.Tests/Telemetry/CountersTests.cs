using Segmentation.Operator.Tests.Http;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Telemetry;

/// <summary>Counters are there before they first count: Prometheus sees no increase of one that begins at more than zero.</summary>
[Collection(SharedRedis.Name)]
public sealed class CountersTests(RedisServer redis)
{
    private static readonly string[] Names =
    [
        "segmentation_events_accepted_total", "segmentation_events_applied_total", "segmentation_events_duplicate_total", "segmentation_events_forgotten_total",
        "segmentation_membership_operations_total", "segmentation_profiles_erased_total", "segmentation_partition_fenced_total",
    ];

    [Fact]
    public async Task What_a_workspace_counts_is_there_as_soon_as_its_partitions_are_owned()
    {
        await using var program = await OperatorProcess.StartAsync(redis.Configuration);
        await Eventually.HoldsAsync(async () => await program.MetricAsync("segmentation_partitions_owned") == 4, "it owns the partitions");
        var lines = (await program.GetAsync("/metrics")).Body.Split('\n').Where(line => line.Contains("workspace=\"acme\"", StringComparison.Ordinal)).ToArray();
        foreach (var name in Names)
            lines.ShouldContain(line => line.StartsWith(name + "{", StringComparison.Ordinal), name);
    }
}
