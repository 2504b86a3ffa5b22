using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Single turns whose outcome can be told beforehand.</summary>
[Collection(SharedRedis.Name)]
public sealed class TurnTests(RedisServer redis)
{
    private const long DayMs = 24 * History.HourMs;

    [Fact]
    public async Task A_profile_leaves_at_the_instant_at_which_its_last_order_is_exactly_the_window_old()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1d")));
        await plane.AppendAsync(Order(plane, "e1", "ada"));
        await plane.DrainAsync();
        plane.Time.Advance(DayMs - 1);
        await plane.DrainAsync();
        (await MembersAsync(plane, "recent")).ShouldBe(["ada"]);

        plane.Time.Advance(1);
        await plane.DrainAsync();

        (await MembersAsync(plane, "recent")).ShouldBeEmpty();
        (await Oracle.OutboxAsync(plane, "recent")).ShouldBe(
        [
            new Flip("ada", true, DataPlane.Epoch.ToUnixTimeMilliseconds(), "event"),
            new Flip("ada", false, DataPlane.Epoch.ToUnixTimeMilliseconds() + DayMs, "time"),
        ]);
    }

    [Fact]
    public async Task Nothing_is_applied_before_the_new_owner_knows_what_to_evaluate()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1d")));
        await plane.DrainAsync();
        await plane.OpenAgainAsync();
        await plane.AppendAsync(Order(plane, "e1", "ada"));

        (await plane.TurnAsync(0)).ShouldBeFalse();
        await plane.DrainAsync();

        (await MembersAsync(plane, "recent")).ShouldBe(["ada"]);
    }

    [Fact]
    public async Task A_turn_takes_no_more_due_profiles_than_allowed_and_the_flips_keep_their_instants()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1d")), new DataPlaneOptions { DuePerTurn = 10 });
        await plane.AppendAsync([.. Enumerable.Range(0, 35).Select(i => Order(plane, $"e{i}", $"customer-{i}"))]);
        await plane.DrainAsync();
        plane.Time.Advance(30 * DayMs);

        foreach (var left in (int[])[25, 15, 5, 0])
        {
            (await plane.TurnAsync(0)).ShouldBe(left > 0);
            (await MembersAsync(plane, "recent")).Length.ShouldBe(left);
        }

        (await Oracle.OutboxAsync(plane, "recent")).Where(f => !f.Enters).Select(f => f.AtMs).Distinct()
            .ShouldBe([DataPlane.Epoch.ToUnixTimeMilliseconds() + DayMs]);
    }

    [Fact]
    public async Task Turns_that_find_many_due_profiles_are_followed_by_larger_ones()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1d")));
        await plane.AppendAsync([.. Enumerable.Range(0, 400).Select(i => Order(plane, $"e{i}", $"customer-{i}"))]);
        await plane.DrainAsync();
        plane.Time.Advance(30 * DayMs);

        foreach (var left in (int[])[384, 256, 0])
        {
            (await plane.TurnAsync(0)).ShouldBe(left > 0);
            (await MembersAsync(plane, "recent")).Length.ShouldBe(left);
        }
    }

    [Fact]
    public async Task A_turn_for_events_leaves_all_but_a_few_due_profiles_and_a_backfill_to_the_next_one()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1d")));
        await plane.AppendAsync([.. Enumerable.Range(0, 100).Select(i => Order(plane, $"e{i}", $"customer-{i}"))]);
        await plane.DrainAsync();
        plane.Time.Advance(30 * DayMs);
        await plane.AppendAsync(Order(plane, "e100", "ada"), Order(plane, "e101", "customer-7"));

        (await plane.TurnAsync(0, eventsFirst: true)).ShouldBeFalse("nothing is left of the log");

        (await MembersAsync(plane, "recent")).ShouldBeSubsetOf(["ada", .. Enumerable.Range(0, 100).Select(i => $"customer-{i}")]);
        (await MembersAsync(plane, "recent")).ShouldContain("ada");
        (await MembersAsync(plane, "recent")).Length.ShouldBeInRange(2 + 99 - 16, 2 + 99);
        plane.Workspace.Slots[0].Partition.NextDueMs.ShouldBeLessThanOrEqualTo(plane.Clock.NowMs, "the rest is still due");
        (await plane.TurnAsync(0)).ShouldBeFalse();
        (await MembersAsync(plane, "recent")).ShouldBe(["ada", "customer-7"], ignoreOrder: true);
        (await Oracle.OutboxAsync(plane, "recent")).Where(f => !f.Enters).Select(f => f.AtMs).Distinct()
            .ShouldBe([DataPlane.Epoch.ToUnixTimeMilliseconds() + DayMs]);
    }

    [Fact]
    public async Task An_order_accepted_before_its_profile_was_due_keeps_it_in_however_late_the_turn_comes()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1d")), new DataPlaneOptions { EntriesPerTurn = 1 });
        await plane.AppendAsync(Order(plane, "e1", "ada"));
        await plane.DrainAsync();
        plane.Time.Advance(DayMs / 2);
        for (var i = 2; i < 8; i++) await plane.AppendAsync(Order(plane, $"e{i}", "ada"));
        plane.Time.Advance(DayMs - 1);

        await plane.DrainAsync();

        (await MembersAsync(plane, "recent")).ShouldBe(["ada"]);
        (await Oracle.OutboxAsync(plane, "recent")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_event_of_the_future_counts_when_its_time_comes_though_no_window_is_asked_for()
    {
        await using var plane = await OpenAsync("ever", Shop.Spec(Shop.Orders()));
        await plane.AppendAsync(Order(plane, "e1", "ada") with { OccurredAtMs = plane.Clock.NowMs + 1000 });
        await plane.DrainAsync();
        (await MembersAsync(plane, "ever")).ShouldBeEmpty();

        plane.Time.Advance(1000);
        await plane.DrainAsync();

        (await MembersAsync(plane, "ever")).ShouldBe(["ada"]);
    }

    [Fact]
    public async Task A_patch_that_would_exceed_the_number_of_properties_does_not_stop_the_partition()
    {
        await using var plane = await OpenAsync("germans", Shop.Segments["germans"]);
        await AppendUncheckedAsync(plane, Many("a", 40));
        await AppendUncheckedAsync(plane, Many("b", 40));
        await AppendUncheckedAsync(plane, new ProfileChange("ada", PropertyBag.Of(("country", "DE")), Merge: true, []));

        await plane.DrainAsync();

        (await MembersAsync(plane, "germans")).ShouldBe(["ada"]);
        var properties = (await new PartitionStore(plane.Redis, plane.Name, 0).LoadAsync(["ada"], []))[0].Profile.Properties;
        properties.Count.ShouldBe(PropertyBag.MaxCount);
        properties.ContainsName("country").ShouldBeTrue("what was sent last is kept");
        Enumerable.Range(0, 40).Count(i => properties.ContainsName($"b{i:00}")).ShouldBeGreaterThanOrEqualTo(39);
    }

    [Fact]
    public async Task A_request_with_tens_of_thousands_of_events_for_one_partition_is_applied_in_bounded_commits()
    {
        await using var plane = await OpenAsync("ever", Shop.Spec(Shop.Orders()));
        var events = Enumerable.Range(0, 20_000).Select(i => Order(plane, $"e{i}", $"customer-{i % 5000}")).ToArray();
        for (var request = 0; request < 4; request++)
            await plane.AppendAsync([.. events.Skip(request * 5000).Take(5000)]);

        var commits = await SequenceAsync(plane);
        await plane.DrainAsync();

        (await MembersAsync(plane, "ever")).Length.ShouldBe(5000);
        (await SequenceAsync(plane) - commits).ShouldBeGreaterThanOrEqualTo(4, "one commit must not grow with what producers send at a time");
    }

    [Fact]
    public async Task What_is_applied_is_trimmed_from_the_log()
    {
        await using var plane = await OpenAsync("ever", Shop.Spec(Shop.Orders()));
        for (var i = 0; i < 50; i++) await plane.AppendAsync(Order(plane, $"e{i}", "ada"));
        await plane.DrainAsync();
        (await plane.Redis.Database.ExecuteAsync("XLEN", Keys.Log(Keys.Partition(plane.Name, 0)))).ToString().ShouldBe("0");
    }

    [Fact]
    public async Task A_full_log_takes_nothing_and_takes_again_once_it_was_applied()
    {
        await using var plane = await OpenAsync("ever", Shop.Spec(Shop.Orders()));
        plane.Redis.Options.MaxLogLength = 3;
        var prefix = Keys.Partition(plane.Name, 0);
        for (var i = 0; i < 3; i++) await plane.AppendAsync(Order(plane, $"e{i}", "ada"));
        (await plane.Log.AppendAsync(prefix, plane.Clock.NowMs, [EventLog.Line(Order(plane, "e3", "bob"))])).ShouldBeFalse();
        await plane.DrainAsync();
        (await MembersAsync(plane, "ever")).ShouldBe(["ada"]);

        await plane.AppendAsync(Order(plane, "e3", "bob"));
        await plane.DrainAsync();

        (await MembersAsync(plane, "ever")).ShouldBe(["ada", "bob"]);
    }

    [Fact]
    public async Task Day_old_buckets_leave_the_flow()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1h")));
        await plane.AppendAsync(Order(plane, "e1", "ada"));
        await plane.DrainAsync();
        plane.Time.Advance(2 * History.HourMs);
        await plane.DrainAsync();
        Numbers(plane, "recent").FlowWithin(TimeSpan.FromHours(24), plane.Clock.NowMs).ShouldBe((1, 1));

        plane.Time.Advance(DayMs + History.HourMs);
        await plane.DrainAsync();

        Numbers(plane, "recent").FlowWithin(TimeSpan.FromHours(24), plane.Clock.NowMs).ShouldBe((0, 0));
        var fields = await plane.Redis.Database.HashKeysAsync(Keys.Flow(Keys.Partition(plane.Name, 0)));
        fields.Select(f => (string)f!).ShouldBe(["recent|last"]);
    }

    [Fact]
    public async Task A_new_owner_starts_from_the_same_numbers()
    {
        await using var plane = await OpenAsync("recent", Shop.Spec(Shop.Orders(within: "1h")));
        await plane.AppendAsync(Order(plane, "e1", "ada"), Order(plane, "e2", "bob") with { OccurredAtMs = plane.Clock.NowMs - 1000 });
        await plane.DrainAsync();
        plane.Time.Advance(History.HourMs - 500);
        await plane.DrainAsync();
        var before = Numbers(plane, "recent");

        await plane.TakeOverAsync();
        await plane.DrainAsync();

        var after = Numbers(plane, "recent");
        (after.Members, after.LastChangeMs).ShouldBe((before.Members, before.LastChangeMs));
        after.Members.ShouldBe(1);
        after.FlowWithin(TimeSpan.FromHours(24), plane.Clock.NowMs).ShouldBe((2, 1));
    }

    private static SegmentNumbers Numbers(DataPlane plane, string segment) =>
        plane.Workspace.NumbersOf(segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision);

    private static async Task<string[]> MembersAsync(DataPlane plane, string segment) =>
        [.. (await Oracle.MembersAsync(plane, segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision)).Keys.Order(StringComparer.Ordinal)];

    private static async Task<long> SequenceAsync(DataPlane plane) =>
        (long)await plane.Redis.Database.HashGetAsync(Keys.Owner(Keys.Partition(plane.Name, 0)), "seq");

    private async Task<DataPlane> OpenAsync(string segment, Resources.SegmentSpec spec, DataPlaneOptions? options = null)
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1, options);
        plane.Declare(segment, spec);
        await plane.DrainAsync();
        return plane;
    }

    private static ProfileChange Many(string prefix, int count) =>
        new("ada", PropertyBag.Of(Enumerable.Range(0, count).Select(i => new KeyValuePair<string, PropertyValue>($"{prefix}{i:00}", i))), Merge: true, []);

    // The oracle does not speak of what exceeds the limits.
    private static Task<bool> AppendUncheckedAsync(DataPlane plane, ProfileChange change) =>
        plane.Log.AppendAsync(Keys.Partition(plane.Name, 0), plane.Clock.NowMs, change);

    private static CustomerEvent Order(DataPlane plane, string id, string profile) => new(id, "placed_order", profile, plane.Clock.NowMs, 30m);
}
