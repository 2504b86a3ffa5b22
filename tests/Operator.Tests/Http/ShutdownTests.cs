using System.Net;
using System.Text;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Http;

/// <summary>A replica that is to end serves until the cluster has heard of it.</summary>
[Collection(SharedRedis.Name)]
public sealed class ShutdownTests(RedisServer redis)
{
    private const string Order = """{"id":"e1","name":"placed_order","profileId":"p","occurredAt":"2025-01-01T00:00:00Z"}""";

    [Fact]
    public async Task Asked_to_end_it_is_not_ready_at_once_and_takes_requests_for_a_while_before_it_ends()
    {
        await using var program = await OperatorProcess.StartAsync(redis.Configuration, "--Http:ShutdownDelay=00:00:03");
        await Eventually.HoldsAsync(async () => await program.MetricAsync("segmentation_partitions_owned") == 4, "it owns the partitions");
        await program.SignalAsync("TERM");
        await Eventually.HoldsAsync(async () => (await program.GetAsync("/readyz")).Status == HttpStatusCode.ServiceUnavailable, "it is not ready");
        (await program.GetAsync("/readyz")).Body.ShouldContain("asked to end");
        (await program.GetAsync("/healthz")).Status.ShouldBe(HttpStatusCode.OK);
        (await program.PostEventsAsync(Encoding.UTF8.GetBytes(Order))).Status.ShouldBe(HttpStatusCode.Accepted);
        (await program.MetricAsync("segmentation_partitions_owned")).ShouldBe(4, "what it owns it keeps for so long");
        await program.WaitForExitAsync();
    }
}
