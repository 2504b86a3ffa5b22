using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Replicas;

/// <summary>Orders at random, from a seed that is printed; SEED replays them.</summary>
internal sealed class OrderLoad
{
    private const long DayMs = 24 * 3_600_000L;

    public OrderLoad(ITestOutputHelper output)
    {
        var seed = Seeds.Take(1).Single();
        output.WriteLine($"SEED={seed}");
        Random = new Random(seed);
    }

    public Random Random { get; }

    public int Sent { get; private set; }

    public async Task SendSomeAsync(ReplicaGroup group)
    {
        var orders = Enumerable.Range(0, Random.Next(1, 30)).Select(_ => Order()).ToArray();
        await group.SendAsync(Random, orders);
        if (Random.Next(5) == 0) await group.SendAsync(Random, orders); // the same once more
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Next(100)), TimeProvider.System);
    }

    // Some occurred so long ago that they leave a window in the next seconds: time moves members, too.
    private CustomerEvent Order()
    {
        var age = Random.Next(4) switch { 0 => (30 * DayMs) - Random.Next(6_000), 1 => (10 * DayMs) - Random.Next(6_000), _ => Random.NextInt64(40 * DayMs) };
        return new CustomerEvent(
            $"o-{Sent++}", "placed_order", $"p-{Random.Next(150)}", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - age, Random.Next(100, 9_000) / 100m);
    }
}
