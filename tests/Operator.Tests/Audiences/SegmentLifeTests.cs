using Segmentation.Operator.Audiences;
using Segmentation.Operator.Storage;
using Segmentation.Resources;

namespace Operator.Tests.Audiences;

/// <summary>What an audience does when its segment is not there yet, goes, comes back, or is another one.</summary>
[Collection(AudienceCollection.Name)]
public sealed class SegmentLifeTests(RedisServer redis)
{
    [Fact]
    public async Task It_waits_until_the_segment_serves()
    {
        await using var bench = await StartAsync();
        bench.Apply();
        await bench.StateBecomesAsync(s => s.Phase == AudiencePhase.WaitingForSegment, "waiting for the segment");

        await bench.Data.ServeAsync("r1", ["a"], "uid-crm");

        await bench.Receiver.MembersBecomeAsync(["a"]);
    }

    [Fact]
    public async Task It_begins_only_where_commits_write_the_outbox_for_it()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", ["a", "b"]);
        bench.Apply();
        await bench.StateBecomesAsync(s => s.Phase == AudiencePhase.InitialSync, "begun");
        bench.Receiver.Count.ShouldBe(0);

        await bench.Data.TellAsync("uid-another", "uid-crm");

        await bench.Receiver.MembersBecomeAsync(["a", "b"]);
    }

    [Theory]
    [InlineData(SegmentDeletionPolicy.Empty, new string[0])]
    [InlineData(SegmentDeletionPolicy.Retain, new[] { "a", "b" })]
    public async Task A_deleted_segment_empties_or_leaves_the_audience(SegmentDeletionPolicy policy, string[] left)
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", ["a", "b"], "uid-crm");
        bench.Apply(configure: spec => spec.OnSegmentDeletion = policy);
        await bench.InSyncAsync();

        await bench.Data.DeleteAsync();
        await Eventually.HoldsAsync(async () => await PendingInRedisAsync(bench) == 0, "the outbox is read");

        await bench.InSyncAsync();
        await bench.Receiver.MembersBecomeAsync(left);
    }

    [Fact]
    public async Task A_segment_that_comes_back_is_told_as_new()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", ["a", "b"], "uid-crm");
        bench.Apply(configure: spec => spec.OnSegmentDeletion = SegmentDeletionPolicy.Empty);
        await bench.Receiver.NextAsync();
        await bench.InSyncAsync();
        await bench.Data.DeleteAsync();
        await bench.Receiver.MembersBecomeAsync([]);

        await bench.Data.ServeAsync("r2", ["b", "c"], "uid-crm");

        await bench.Receiver.MembersBecomeAsync(["b", "c"]);
    }

    [Fact]
    public async Task A_new_object_of_the_same_name_begins_anew()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", ["a"], "uid-crm uid-2");
        bench.Apply();
        await bench.Receiver.NextAsync();

        bench.Apply(uid: "uid-2");

        (await bench.Receiver.NextAsync()).Changes.ShouldBe([("a", "added", "initial")]);
    }

    [Fact]
    public async Task Another_segment_is_not_mixed_into_an_audience()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", ["a"], "uid-crm");
        bench.Apply();
        await bench.InSyncAsync();

        bench.Apply(configure: spec => spec.SegmentRef = new() { Name = "others" });

        await bench.StateBecomesAsync(s => s is { Phase: AudiencePhase.Stopped, Reason: AudienceReasons.SegmentChanged }, "stopped");
        bench.State()!.Message!.ShouldStartWith("spec.segmentRef.name: the destination holds members of segment vips");
    }

    private static async Task<long> PendingInRedisAsync(AudienceBench bench)
    {
        long pending = 0;
        var positions = (await bench.Get<CheckpointStore>().ReadAsync(bench.Workspace, "uid-crm"))!.Positions;
        var outbox = new Outbox(bench.Get<RedisConnection>(), bench.Workspace, AudienceBench.Segment);
        foreach (var (partition, position) in positions) pending += await outbox.CountAsync(partition, position.OutboxId);
        return pending;
    }

    private async Task<AudienceBench> StartAsync()
    {
        var bench = await AudienceBench.StartAsync(redis);
        bench.Lead();
        return bench;
    }
}
