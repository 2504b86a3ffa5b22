using System.Globalization;
using System.Text;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Storage;

namespace Operator.Tests.Audiences;

[Collection(AudienceCollection.Name)]
public class DeliveryTests(RedisServer redis)
{
    [Fact]
    public async Task The_members_there_are_come_first_and_then_every_change()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", Profiles(50), "uid-crm");
        bench.Apply();
        await bench.InSyncAsync();
        bench.Receiver.Members.ShouldBe(Profiles(50), ignoreOrder: true);

        await bench.Data.LeaveAsync("c-7", FlipCause.Time);
        await bench.Data.JoinAsync("newcomer");

        await bench.Receiver.MembersBecomeAsync(bench.Data.Members);
        await bench.StateBecomesAsync(s => s is { Synced: 52, Pending: 0, LastSyncMs: > 0 }, "52 changes are synced");
    }

    [Fact]
    public async Task First_members_say_so_and_later_changes_name_their_cause()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", ["a"], "uid-crm");
        bench.Apply();

        (await bench.Receiver.NextAsync()).Changes.ShouldBe([("a", "added", "initial")]);
        await bench.Data.LeaveAsync("a", FlipCause.Time);
        (await bench.Receiver.NextAsync()).Changes.ShouldBe([("a", "removed", "time")]);
        await bench.Data.JoinAsync("a", FlipCause.Rescore);
        (await bench.Receiver.NextAsync()).Changes.ShouldBe([("a", "added", "rescore")]);
    }

    [Fact]
    public async Task Every_attempt_is_signed_over_id_time_and_body()
    {
        var clock = new TestClock();
        await using var bench = await StartAsync(clock);
        bench.Receiver.Answer(500, "30");
        await bench.Data.ServeAsync("r1", ["ä", "b"], "uid-crm");
        bench.Apply();
        await ReachDelayAsync(clock);
        var first = await bench.Receiver.NextAsync();
        await clock.SleeperAsync(TimeSpan.FromSeconds(30));
        clock.Advance(TimeSpan.FromSeconds(30));
        var second = await bench.Receiver.NextAsync();

        foreach (var delivery in new[] { first, second })
        {
            delivery.Id.ShouldMatch("^msg_[0-9A-Za-z]{27}$");
            delivery.Signature.ShouldBe(StandardWebhooksVerifier.Signature(WebhookReceiver.Secret, delivery.Id, delivery.Timestamp, Encoding.UTF8.GetBytes(delivery.Body)));
        }
        second.Id.ShouldBe(first.Id);
        second.Body.ShouldBe(first.Body);
        (Seconds(second) - Seconds(first)).ShouldBe(30);
    }

    [Fact]
    public async Task A_batch_goes_out_when_it_is_full()
    {
        var clock = new TestClock();
        await using var bench = await StartAsync(clock);
        await bench.Data.ServeAsync("r1", Profiles(25), "uid-crm");
        bench.Apply(configure: spec => spec.Batch = new() { MaxSize = 10, MaxDelay = "1h" });

        (await bench.Receiver.NextAsync()).Changes.Count.ShouldBe(10);
        (await bench.Receiver.NextAsync()).Changes.Count.ShouldBe(10);
        await bench.StateBecomesAsync(s => s is { Synced: 20, Pending: > 0, Phase: AudiencePhase.InitialSync }, "five changes wait for others");
        bench.Receiver.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_batch_goes_out_when_its_oldest_change_has_waited_long_enough()
    {
        var clock = new TestClock();
        await using var bench = await StartAsync(clock);
        await bench.Data.ServeAsync("r1", [], "uid-crm");
        bench.Apply(configure: spec => spec.Batch = new() { MaxDelay = "20s" });
        await bench.InSyncAsync();

        await bench.Data.JoinAsync("a");
        await clock.SleeperAsync(TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(15));
        await bench.Data.JoinAsync("b");
        await clock.SleeperAsync(TimeSpan.FromSeconds(5));
        bench.Receiver.Count.ShouldBe(0);
        clock.Advance(TimeSpan.FromSeconds(5));

        (await bench.Receiver.NextAsync()).Changes.Select(c => c.ProfileId).ShouldBe(["a", "b"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_profiles_changes_come_in_the_order_in_which_they_happened()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", [], "uid-crm");
        bench.Apply(configure: spec => spec.Batch.MaxSize = 3);
        await bench.InSyncAsync();
        var told = new Dictionary<string, List<string>>();
        for (var round = 0; round < 5; round++)
        {
            foreach (var profile in Profiles(8)) await bench.Data.JoinAsync(profile);
            foreach (var profile in Profiles(8)) await bench.Data.LeaveAsync(profile);
        }

        for (var changes = 0; changes < 80;)
        {
            var delivery = await bench.Receiver.NextAsync();
            changes += delivery.Changes.Count;
            foreach (var change in delivery.Changes)
            {
                if (!told.TryGetValue(change.ProfileId, out var actions)) told[change.ProfileId] = actions = [];
                actions.Add(change.Action);
            }
        }

        told.Count.ShouldBe(8);
        string[] expected = [.. Enumerable.Repeat(new[] { "added", "removed" }, 5).SelectMany(pair => pair)];
        foreach (var actions in told.Values) actions.ShouldBe(expected);
    }

    [Fact]
    public async Task Changes_during_the_initial_sync_end_in_exactly_the_members()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", Profiles(400), "uid-crm");
        bench.Apply(configure: spec => spec.Batch.MaxSize = 7);
        var random = new Random(17);
        for (var i = 0; i < 600; i++)
        {
            var profile = $"c-{random.Next(500)}";
            if (bench.Data.Members.Contains(profile)) await bench.Data.LeaveAsync(profile);
            else await bench.Data.JoinAsync(profile);
        }

        await bench.InSyncAsync();
        await bench.Receiver.MembersBecomeAsync(bench.Data.Members);
    }

    [Fact]
    public async Task A_process_that_ends_between_delivery_and_checkpoint_sends_the_same_again()
    {
        await using var first = await StartAsync();
        var held = new TaskCompletionSource();
        first.Receiver.Answer(async context =>
        {
            await held.Task;
            context.Response.StatusCode = 204;
        });
        await first.Data.ServeAsync("r1", Profiles(20), "uid-crm");
        first.Apply(configure: spec => spec.Batch.MaxSize = 8);
        await Eventually.HoldsAsync(() => first.Receiver.Count == 1, "the first batch has arrived");
        await first.StopAsync();
        held.SetResult();
        var delivered = await first.Receiver.NextAsync();
        await first.Data.LeaveAsync(delivered.Changes[0].ProfileId);

        await using var second = await AudienceBench.StartAsync(redis, former: first);
        second.Apply(configure: spec => spec.Batch.MaxSize = 3);
        second.Lead();
        var again = await first.Receiver.NextAsync();

        (again.Id, again.Body).ShouldBe((delivered.Id, delivered.Body));
        await second.InSyncAsync();
        await first.Receiver.MembersBecomeAsync(first.Data.Members);
    }

    [Fact]
    public async Task A_restart_goes_on_where_the_last_process_stopped()
    {
        await using var first = await StartAsync();
        await first.Data.ServeAsync("r1", Profiles(20), "uid-crm");
        first.Apply();
        await first.InSyncAsync();
        await first.StopAsync();
        await first.Data.JoinAsync("newcomer");
        var before = first.Receiver.Count;
        for (var i = 0; i < before; i++) await first.Receiver.NextAsync();

        await using var second = await AudienceBench.StartAsync(redis, former: first);
        second.Apply();
        second.Lead();

        (await first.Receiver.NextAsync()).Changes.ShouldBe([("newcomer", "added", "event")]);
        await second.StateBecomesAsync(s => s is { Synced: 21, Pending: 0 }, "21 changes are synced");
    }

    [Fact]
    public async Task Suspended_changes_wait_and_come_when_it_goes_on()
    {
        await using var bench = await StartAsync();
        await bench.Data.ServeAsync("r1", ["a"], "uid-crm");
        bench.Apply();
        await bench.InSyncAsync();
        bench.Apply(configure: spec => spec.Suspend = true);
        await Eventually.HoldsAsync(() => bench.State() is null, "it has stopped");
        await bench.Data.JoinAsync("b");
        await bench.Data.LeaveAsync("a");
        bench.Receiver.Members.ShouldBe(["a"]);

        bench.Apply();

        await bench.Receiver.MembersBecomeAsync(["b"]);
    }

    [Fact]
    public async Task A_change_that_nobody_signalled_is_found_by_the_sweep()
    {
        var clock = new TestClock();
        await using var bench = await StartAsync(clock);
        await bench.Data.ServeAsync("r1", [], "uid-crm");
        bench.Apply();
        await bench.InSyncAsync();
        await clock.SleeperAsync(TimeSpan.FromMinutes(1));

        bench.Data.IsMute = true;
        await bench.Data.JoinAsync("a");
        clock.Advance(TimeSpan.FromMinutes(1));
        await ReachDelayAsync(clock);

        await bench.Receiver.MembersBecomeAsync(["a"]);
    }

    private async Task<AudienceBench> StartAsync(TimeProvider? time = null)
    {
        var bench = await AudienceBench.StartAsync(redis, time);
        bench.Lead();
        return bench;
    }

    private static async Task ReachDelayAsync(TestClock clock)
    {
        await clock.SleeperAsync(TimeSpan.FromMilliseconds(1));
        clock.Advance(TimeSpan.FromMilliseconds(1));
    }

    private static long Seconds(Delivery delivery) => long.Parse(delivery.Timestamp, CultureInfo.InvariantCulture);

    private static IEnumerable<string> Profiles(int count) => Enumerable.Range(0, count).Select(i => $"c-{i}");
}
