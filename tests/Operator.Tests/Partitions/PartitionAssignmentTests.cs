using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Whose share a partition is: agreed without a word, even enough, and moved no more than it must.</summary>
public sealed class PartitionAssignmentTests
{
    private const int Partitions = 256;

    [Fact]
    public void A_replica_that_comes_or_goes_moves_its_own_share_and_nothing_else()
    {
        foreach (var seed in Seeds.Take(50))
        {
            var random = new Random(seed);
            var replicas = Enumerable.Range(0, random.Next(1, 9)).Select(_ => $"operator-{random.Next():x}_{random.Next():x}").Distinct().ToArray();
            var (with, without) = (Owners($"ws-{seed}", replicas), Owners($"ws-{seed}", replicas[1..]));
            for (var p = 0; p < Partitions; p++)
            {
                if (with[p] != replicas[0]) without[p].ShouldBe(with[p], $"SEED={seed} partition {p}");
                else without[p].ShouldNotBe(replicas[0], $"SEED={seed} partition {p}");
            }
        }
    }

    [Fact]
    public void The_order_in_which_replicas_are_listed_does_not_matter()
    {
        foreach (var seed in Seeds.Take(20))
        {
            var random = new Random(seed);
            var replicas = Enumerable.Range(0, 6).Select(i => $"replica-{i}").ToArray();
            var shuffled = replicas.ToArray();
            random.Shuffle(shuffled);
            Owners("acme", shuffled).ShouldBe(Owners("acme", replicas), $"SEED={seed}");
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Shares_are_about_equal_whatever_the_workspace(int replicas)
    {
        var names = Enumerable.Range(0, replicas).Select(i => $"segmentation-operator-6d9f7c-{i}_{i * 7919:x}").ToArray();
        var shares = Enumerable.Range(0, 40).SelectMany(w => Owners($"workspace-{w}", names)).GroupBy(owner => owner).ToDictionary(group => group.Key!, group => group.Count());
        foreach (var name in names) shares[name].ShouldBeInRange((int)(0.85 * 40 * Partitions / replicas), (int)(1.15 * 40 * Partitions / replicas));
    }

    [Fact]
    public void Without_a_replica_nobody_owns_anything() => new PartitionAssignment("acme", 4, []).IsOwner("me", 0).ShouldBeFalse();

    [Fact]
    public void Every_version_of_the_program_draws_alike()
    {
        // Replicas of two versions run side by side during an upgrade: a change here would make them fight.
        var owners = Owners("acme", ["one", "two", "three"]);
        string.Concat(owners.Take(16).Select(owner => owner![1])).ShouldBe(Pinned);
    }

    private const string Pinned = "whhwhwwhnnhhhwnw";

    private static string?[] Owners(string workspace, string[] replicas)
    {
        var assignment = new PartitionAssignment(workspace, Partitions, replicas);
        return [.. Enumerable.Range(0, Partitions).Select(p => replicas.SingleOrDefault(replica => assignment.IsOwner(replica, p)))];
    }
}
