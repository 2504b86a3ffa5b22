using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Storage;

public sealed class PartitionHashTests
{
    // Stored data depends on these: a change of one moves profiles away from their events.
    [Theory]
    [InlineData("", 256, 38)]
    [InlineData("ada", 256, 233)]
    [InlineData("customer-1", 256, 218)]
    [InlineData("customer-2", 256, 243)]
    [InlineData("ü", 256, 33)]
    [InlineData("\U0001D4B3", 1000, 369)]
    public void The_partition_of_a_profile_never_changes(string profileId, int partitions, int expected) =>
        PartitionHash.Of(profileId, partitions).ShouldBe(expected);

    [Fact]
    public void A_long_id_is_hashed_whole() =>
        Enumerable.Range(0, 64).Select(i => PartitionHash.Of(new string('ü', 1000) + i, 1 << 14)).Distinct().Count().ShouldBeGreaterThan(50);

    [Fact]
    public void Sequential_ids_spread_evenly()
    {
        var counts = Enumerable.Range(0, 64_000).GroupBy(i => PartitionHash.Of($"customer-{i}", 64)).Select(g => g.Count()).ToArray();
        counts.Length.ShouldBe(64);
        counts.Min().ShouldBeGreaterThan(800);
        counts.Max().ShouldBeLessThan(1200);
    }
}
