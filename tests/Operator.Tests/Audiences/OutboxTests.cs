using Segmentation.Operator.Audiences;
using Segmentation.Operator.Reconcilers;
using Segmentation.Operator.Storage;
using StackExchange.Redis;

namespace Operator.Tests.Audiences;

[Collection(AudienceCollection.Name)]
public class OutboxTests(RedisServer redis)
{
    [Fact]
    public async Task The_outbox_is_trimmed_up_to_the_slowest_audience_and_no_further()
    {
        await using var bench = await AudienceBench.StartAsync(redis, configure: options => options.FirstBackoff = options.LongestBackoff = TimeSpan.FromHours(1));
        await bench.Data.ServeAsync("r1", [], "uid-fast", "uid-slow");
        bench.Apply("fast");
        var slow = bench.Apply("slow");
        bench.Lead();
        await bench.InSyncAsync("fast");
        await bench.InSyncAsync("slow");
        bench.Apply("slow", configure: spec => spec.Suspend = true);
        await Eventually.HoldsAsync(() => bench.State("slow") is null, "the slow one has stopped");

        foreach (var profile in new[] { "a", "b", "c", "d", "e" }) await bench.Data.JoinAsync(profile);
        await bench.StateBecomesAsync(s => s is { Synced: 5, Pending: 0 }, "the fast one has all", "fast");
        (await LengthAsync(bench)).ShouldBe(5);

        bench.Apply("slow");
        await bench.StateBecomesAsync(s => s is { Synced: 5, Pending: 0 }, "the slow one has all", "slow");
        await Eventually.HoldsAsync(async () => await LengthAsync(bench) == 0, "the outbox is empty");
    }

    [Fact]
    public async Task An_audience_that_has_begun_nowhere_holds_everything()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        await bench.Data.ServeAsync("r1", [], "uid-fast");
        await bench.Get<CheckpointStore>().CreateAsync(bench.Workspace, "uid-slow", AudienceBench.Segment);
        bench.Apply("fast");
        bench.Apply("slow", configure: spec => spec.Suspend = true);
        bench.Lead();
        await bench.InSyncAsync("fast");

        await bench.Data.JoinAsync("a");
        await bench.StateBecomesAsync(s => s is { Synced: 1, Pending: 0 }, "the fast one has all", "fast");

        (await LengthAsync(bench)).ShouldBe(1);
    }

    [Fact]
    public async Task With_the_last_audience_the_outbox_goes_once_commits_have_ceased_to_write_it()
    {
        await using var bench = await AudienceBench.StartAsync(redis, configure: options => options.FirstBackoff = options.LongestBackoff = TimeSpan.FromHours(1));
        bench.Receiver.Default = (context, _) => WebhookReceiver.Status(context, 503);
        await bench.Data.ServeAsync("r1", [], "uid-a", "uid-b");
        var first = bench.Apply("a");
        var second = bench.Apply("b");
        bench.Lead();
        await bench.InSyncAsync("a");
        await bench.InSyncAsync("b");
        foreach (var profile in new[] { "p", "q", "r", "s", "t" }) await bench.Data.JoinAsync(profile);
        await bench.StateBecomesAsync(s => s.FailedAttempts == 1, "a delivery has failed", "a");
        var finalizer = bench.Get<AudienceSyncFinalizer>();

        (await finalizer.FinalizeAsync(bench.MarkDeleted(first), CancellationToken.None)).RequeueAfter.ShouldBeNull();
        (await LengthAsync(bench)).ShouldBe(5, "the other audience needs it");
        bench.State("a").ShouldBeNull();
        (await bench.Get<CheckpointStore>().ReadAsync(bench.Workspace, "uid-a")).ShouldBeNull();

        var deleted = bench.MarkDeleted(second);
        (await finalizer.FinalizeAsync(deleted, CancellationToken.None)).RequeueAfter.ShouldNotBeNull("commits still write the outbox");
        (await LengthAsync(bench)).ShouldBe(5);
        await bench.Data.TellAsync();
        (await finalizer.FinalizeAsync(deleted, CancellationToken.None)).RequeueAfter.ShouldBeNull();
        (await LengthAsync(bench)).ShouldBe(0);
        (await bench.Get<CheckpointStore>().ReadAsync(bench.Workspace, "uid-b")).ShouldBeNull();
    }

    [Fact]
    public async Task Pages_of_members_leave_out_nobody_who_stays_whoever_else_leaves()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        var ids = Enumerable.Range(0, 60).Select(i => $"Ä{i:00}-ß").ToArray();
        await bench.Data.ServeAsync("r1", [], "uid-crm");
        var database = redis.Connection.GetDatabase();
        var key = Keys.Members(Keys.Partition(bench.Workspace, 0), AudienceBench.Segment, "r1");
        foreach (var id in ids) await database.SortedSetAddAsync(key, id, 1_700_000_000_000); // one wave: all at the same instant
        var outbox = new Outbox(bench.Get<RedisConnection>(), bench.Workspace, AudienceBench.Segment);

        var seen = new List<string>();
        AmongMembers? position = null;
        while (true)
        {
            var page = await outbox.ReadMembersAsync(0, position, 7);
            seen.AddRange(page.Members.Select(m => m.ProfileId));
            if (page.Members.Count < 7) break;
            position = new AmongMembers("0-0", page.Revision, page.Members[^1].JoinedAt, page.Members[^1].ProfileId);
            await database.SortedSetRemoveAsync(key, [(RedisValue)seen[0], (RedisValue)seen[^1], (RedisValue)seen[^3]]); // even the cursor's own
        }

        seen.ShouldBe(ids);
    }

    [Fact]
    public async Task A_revision_that_takes_over_during_the_pages_is_read_from_its_beginning()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        await bench.Data.ServeAsync("r1", Enumerable.Range(0, 40).Select(i => $"c-{i}"), "uid-crm");
        var outbox = new Outbox(bench.Get<RedisConnection>(), bench.Workspace, AudienceBench.Segment);
        var first = await outbox.ReadMembersAsync(1, after: null, 3);

        await bench.Data.ServeAsync("r2", Enumerable.Range(0, 40).Select(i => $"c-{i}"), "uid-crm");
        var next = await outbox.ReadMembersAsync(1, new AmongMembers("0-0", "r1", first.Members[^1].JoinedAt, first.Members[^1].ProfileId), 3);

        next.Revision.ShouldBe("r2");
        next.Members.Select(m => m.ProfileId).ShouldBe(first.Members.Select(m => m.ProfileId));
    }

    [Fact]
    public async Task A_checkpoint_refuses_a_writer_that_has_missed_something()
    {
        await using var bench = await AudienceBench.StartAsync(redis);
        var checkpoints = bench.Get<CheckpointStore>();
        var seen = await checkpoints.CreateAsync(bench.Workspace, "uid", "vips");
        var newer = await checkpoints.AdvanceAsync(bench.Workspace, "uid", seen, new Dictionary<int, FeedPosition> { [0] = new Following("5-1") });

        await Should.ThrowAsync<OutOfStepException>(() =>
            checkpoints.AdvanceAsync(bench.Workspace, "uid", seen, new Dictionary<int, FeedPosition> { [0] = new Following("4-1") }));
        await Should.ThrowAsync<OutOfStepException>(() => checkpoints.CreateAsync(bench.Workspace, "uid", "vips"));

        (await checkpoints.ReadAsync(bench.Workspace, "uid"))!.Positions[0].ShouldBe(new Following("5-1"));
        newer.Sequence.ShouldBe(1);
    }

    private async Task<long> LengthAsync(AudienceBench bench)
    {
        long length = 0;
        for (var p = 0; p < AudienceBench.Partitions; p++)
        {
            var key = Keys.Outbox(Keys.Partition(bench.Workspace, p), AudienceBench.Segment);
            length += (long)await redis.Connection.GetDatabase().ExecuteAsync("XLEN", key);
        }
        return length;
    }
}
