using Kubernetes.LeaderElection;
using Kubernetes.Model;
using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>When a partition may be taken over, by who owns it and what happened before.</summary>
public sealed class PartitionClaimTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly LiveReplicas _replicas;
    private readonly PartitionClaim _claim;
    private int _renewals;

    public PartitionClaimTests()
    {
        _replicas = new LiveReplicas("me", TimeSpan.FromSeconds(15), _time);
        _claim = new PartitionClaim(_replicas, _time);
    }

    [Fact]
    public void From_nobody_from_itself_and_from_one_that_has_ended_it_is_taken_at_once()
    {
        Renew("me");
        _claim.WaitFor("").ShouldBe(TimeSpan.Zero);
        _claim.WaitFor("me").ShouldBe(TimeSpan.Zero);
        _claim.WaitFor("ended").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void One_that_is_at_work_gets_time_to_give_it_up()
    {
        Renew("me", "other");
        for (var waited = TimeSpan.Zero; waited < PartitionClaim.Patience; waited += PartitionClaim.Soon)
        {
            _claim.WaitFor("other").ShouldBe(PartitionClaim.Soon);
            _time.Advance((long)PartitionClaim.Soon.TotalMilliseconds);
        }
        _claim.WaitFor("other").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void What_was_waited_for_and_has_ended_is_taken_at_once()
    {
        Renew("me", "other");
        _claim.WaitFor("other").ShouldBeGreaterThan(TimeSpan.Zero);
        _replicas.Lost("other");
        _claim.WaitFor("other").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void One_that_cannot_prove_itself_takes_only_what_is_still_its_own()
    {
        Renew("me");
        _time.Advance(16_000);
        _claim.WaitFor("me").ShouldBe(TimeSpan.Zero);
        foreach (var owner in (string[])["", "other"]) _claim.WaitFor(owner).ShouldBeGreaterThan(TimeSpan.Zero);
        Renew("me");
        _claim.WaitFor("").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Two_that_do_not_see_each_other_leave_the_partition_to_each_other_for_longer_and_longer()
    {
        var waits = new List<double>();
        for (var fight = 0; fight < 9; fight++)
        {
            Renew("me");
            _claim.WaitFor("unseen").ShouldBe(TimeSpan.Zero);
            _claim.Taken();
            _time.Advance(1_000);
            _claim.Fenced();
            waits.Add(_claim.WaitFor("unseen").TotalSeconds);
            _claim.WaitFor("").ShouldBe(TimeSpan.Zero, "given up is given up");
            for (var left = waits[^1]; left > 0; left--)
            {
                _time.Advance(1_000);
                Renew("me");
            }
        }
        waits.ShouldBe([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    [Fact]
    public void After_a_long_time_undisturbed_the_waits_begin_anew()
    {
        Renew("me");
        foreach (var _ in Enumerable.Range(0, 4)) _claim.Fenced();
        _claim.Taken();
        for (var i = 0; i < 31; i++)
        {
            _time.Advance(10_000);
            Renew("me");
        }
        _claim.Fenced();
        _claim.WaitFor("unseen").ShouldBe(Second);
    }

    private void Renew(params string[] replicas)
    {
        foreach (var replica in replicas)
        {
            var renewTime = DateTimeOffset.UnixEpoch.AddSeconds(++_renewals);
            if (replica == "me") _replicas.Sent(renewTime);
            _replicas.Saw(new V1Lease
            {
                Metadata = new ObjectMeta { Name = replica },
                Spec = new V1LeaseSpec { HolderIdentity = replica, LeaseDurationSeconds = 15, RenewTime = renewTime },
            });
        }
    }
}
