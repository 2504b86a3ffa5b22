using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Everything of a merged profile counts for the other one, once, whatever came first and whoever owned the partitions.</summary>
[Collection(SharedRedis.Name)]
public sealed class MergeTests(RedisServer redis, ITestOutputHelper output)
{
    private const string Old = "cookie-4711";
    private const string Known = "customer-40";
    private const string Third = "app-23";

    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Fact]
    public async Task Members_agree_with_brute_force_that_knows_all_merges_beforehand()
    {
        foreach (var seed in Seeds.Take(4))
        {
            output.WriteLine($"SEED={seed}");
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 3, options: seed % 2 == 0 ? Tight : null);
            plane.IsFollowed = PartitionPropertyTests.IsEven;
            plane.DeclareShop();
            await plane.DrainAsync();
            var history = new History(seed, new HistoryShape(Profiles: 16, DuplicatesMove: false));
            for (var step = 0; step < 120; step++)
            {
                await StepAsync(plane, history);
                for (var turns = history.Random.Next(4); turns > 0; turns--) await plane.TurnAsync(history.Random.Next(3), eventsFirst: history.Random.Next(2) == 0);
                if (history.Random.Next(12) == 0) await plane.TakeOverAsync();
                if (step % 40 != 39) continue;
                await plane.DrainAsync();
                await Oracle.ShouldAgreeAsync(plane, $"SEED={seed} step {step}");
            }
            plane.Acknowledged.Count(a => a.Merge is not null).ShouldBeGreaterThan(0, $"SEED={seed}");
        }
    }

    [Fact]
    public async Task It_leaves_its_segments_and_what_comes_later_counts_for_the_other()
    {
        await using var plane = await OpenAsync();
        plane.Declare("buyers", Shop.Spec(Shop.Orders()));
        plane.Declare("twice", Shop.Spec(Shop.Orders(count: new() { Gte = 2 })));
        await plane.DrainAsync();
        var beganMs = plane.Clock.NowMs;
        await plane.AppendAsync(Order(plane, "o1", Old));
        await plane.DrainAsync();
        plane.Time.Advance(1000);
        await plane.MergeAsync(Old, Known);
        await plane.DrainAsync();
        plane.Time.Advance(1000);
        await plane.AppendAsync(Order(plane, "o2", Old), Order(plane, "o1", Known));
        await plane.DrainAsync();

        (await Oracle.OutboxAsync(plane, "buyers")).ShouldBe(
            [new(Old, true, beganMs, "event"), new(Old, false, beganMs + 1000, "merge"), new(Known, true, beganMs + 1000, "event")], ignoreOrder: true);
        (await Oracle.OutboxAsync(plane, "twice")).ShouldBe([new(Known, true, beganMs + 2000, "event")]);
        await Oracle.ShouldAgreeAsync(plane, "after the second order");
    }

    [Fact]
    public async Task A_refund_takes_back_an_order_that_came_in_under_the_other_id()
    {
        await using var plane = await OpenAsync();
        plane.Declare("buyers", Shop.Spec(Shop.Orders()));
        await plane.AppendAsync(Order(plane, "o1", Old), Order(plane, "o2", Known));
        await plane.MergeAsync(Old, Known);
        await plane.DrainAsync();
        (await MembersAsync(plane, "buyers")).ShouldBe([Known]);

        await plane.AppendAsync(Order(plane, "r1", Known) with { Name = "refunded_order", Refunds = "o1" }, Order(plane, "r2", Old) with { Name = "refunded_order", Refunds = "o2" });
        await plane.DrainAsync();

        (await MembersAsync(plane, "buyers")).ShouldBeEmpty();
        await Oracle.ShouldAgreeAsync(plane, "after the refunds");
    }

    [Fact]
    public async Task More_events_than_fit_an_entry_or_a_turn_all_arrive()
    {
        await using var plane = await OpenAsync();
        plane.DeclareShop();
        for (var i = 0; i < 3; i++) await plane.AppendAsync([.. Enumerable.Range(0, 450).Select(n => Order(plane, $"o{i}-{n}", Old))]);
        await plane.AppendAsync([.. Enumerable.Range(0, 100).Select(n => Order(plane, $"x{n}", Old) with { Name = $"name-{n}" })]);
        await plane.MergeAsync(Old, Known);
        await plane.DrainAsync();

        var stored = await LoadAsync(plane, Known);
        (stored.Profile.Count, stored.Profile.EventNames.Count()).ShouldBe((1450, 101));
        await Oracle.ShouldAgreeAsync(plane, "after the merge");
    }

    [Fact]
    public async Task Own_properties_win_missing_ones_are_filled_and_the_latest_statement_of_consent_holds()
    {
        await using var plane = await OpenAsync();
        var nowMs = plane.Clock.NowMs;
        FactStatement Email(string status, long sinceMs) => new(ProfileFacts.Consent("email"), status, sinceMs);
        await plane.AppendAsync(new ProfileChange(Known, PropertyBag.Of(("country", "DE")), Merge: true, [], [Email(ProfileFacts.Subscribed, nowMs - 2000)]));
        await plane.AppendAsync(new ProfileChange(
            Old, PropertyBag.Of(("country", "FR"), ("plan", "pro")), Merge: true, [], [Email(ProfileFacts.Subscribed, nowMs - 3000), Email(ProfileFacts.Unsubscribed, nowMs - 1000)]));
        await plane.MergeAsync(Old, Known);
        await plane.DrainAsync();

        var profile = (await LoadAsync(plane, Known)).Profile;
        profile.Properties.ShouldBe(PropertyBag.Of(("$consent.email", ProfileFacts.Unsubscribed), ("country", "DE"), ("plan", "pro")));
        profile.PropertyHistory!.Changes.Where(change => change.Name == "$consent.email").Select(change => change.AtMs).ShouldBe([nowMs - 3000, nowMs - 2000, nowMs - 1000]);

        await plane.AppendAsync(new ProfileChange(Old, PropertyBag.Of(("country", "AT")), Merge: true, ["plan"]));
        await plane.DrainAsync();
        (await LoadAsync(plane, Known)).Profile.Properties.ShouldBe(PropertyBag.Of(("$consent.email", ProfileFacts.Unsubscribed), ("country", "AT")), "a change is a change of the other");
    }

    [Fact]
    public async Task A_merged_profile_has_no_more_properties_than_any()
    {
        await using var plane = await OpenAsync();
        PropertyBag Named(string prefix) => PropertyBag.Of(Enumerable.Range(10, 40).Select(i => KeyValuePair.Create($"{prefix}{i}", (PropertyValue)i)));
        await plane.AppendAsync(new ProfileChange(Known, Named("own"), Merge: true, []));
        await plane.AppendAsync(new ProfileChange(Old, Named("other"), Merge: true, []));
        await plane.MergeAsync(Old, Known);
        await plane.DrainAsync();

        var names = (await LoadAsync(plane, Known)).Profile.Properties.Select(property => property.Key).ToArray();
        names.Count(name => name.StartsWith("own", StringComparison.Ordinal)).ShouldBe(40);
        names.Where(name => name.StartsWith("other", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(10, 24).Select(i => $"other{i}"));
    }

    [Fact]
    public async Task The_first_merge_holds_and_again_or_into_itself_changes_nothing()
    {
        await using var plane = await OpenAsync();
        plane.DeclareShop();
        await plane.AppendAsync(Order(plane, "o1", Old), Order(plane, "o2", Known), Order(plane, "o3", Third));
        await plane.MergeAsync(Known, Known);
        await plane.MergeAsync(Old, Known);
        await plane.DrainAsync();
        var before = await ProfilesAsync(plane);
        await plane.MergeAsync(Old, Known);
        await plane.MergeAsync(Old, Third);
        await plane.DrainAsync();

        (await ProfilesAsync(plane)).ShouldBe(before);
        (await LoadAsync(plane, Old)).MergedInto.ShouldBe(Known);
        await Oracle.ShouldAgreeAsync(plane, "after all of them");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Merged_in_a_circle_all_count_for_the_first_of_them(bool isKnownBefore)
    {
        await using var plane = await OpenAsync();
        plane.DeclareShop();
        await plane.AppendAsync(Order(plane, "o1", Old), Order(plane, "o2", Known), Order(plane, "o3", Third));
        foreach (var (from, into) in ((string, string)[])[(Third, Old), (Known, Third), (Old, Known)])
        {
            await plane.MergeAsync(from, into);
            if (isKnownBefore) await plane.DrainAsync();
        }
        await plane.AppendAsync(Order(plane, "o4", Old), Order(plane, "o5", Known), Order(plane, "o6", Third));
        await plane.DrainAsync();

        (await LoadAsync(plane, Third)).Profile.Count.ShouldBe(6);
        await Oracle.ShouldAgreeAsync(plane, "after the circle");
    }

    [Theory]
    [InlineData(Old)]
    [InlineData(Third)]
    [InlineData(Known)]
    public async Task Erased_by_any_of_its_ids_nothing_is_left_of_any(string erased)
    {
        await using var plane = await OpenAsync();
        plane.DeclareShop();
        await plane.AppendAsync(Order(plane, "o1", Old), Order(plane, "o2", Known), Order(plane, "o3", Third));
        await plane.MergeAsync(Old, Third);
        await plane.DrainAsync();
        await plane.MergeAsync(Third, Known);
        await plane.DrainAsync();
        await plane.EraseAsync(erased);
        await plane.DrainAsync();

        var held = await Dump.OfAsync(plane);
        foreach (var id in (string[])[Old, Known, Third])
        {
            (await Traces.OfAsync(plane, id)).ShouldBeEmpty(id);
            held.ShouldNotContain(id); // in no hash, of another profile either
        }
        await plane.AppendAsync(Order(plane, "o4", Old));
        await plane.DrainAsync();
        (await LoadAsync(plane, Old)).Profile.Count.ShouldBe(1, "it is a profile of its own again");
        (await LoadAsync(plane, Known)).Exists.ShouldBeFalse();
    }

    [Fact]
    public async Task Erased_and_merged_again_it_stays_merged()
    {
        await using var plane = await OpenAsync();
        await plane.AppendAsync(Order(plane, "o1", Old), Order(plane, "o2", Known));
        await plane.MergeAsync(Old, Known);
        await plane.DrainAsync();
        await plane.EraseAsync(Old);
        await plane.MergeAsync(Old, Known);
        await plane.AppendAsync(Order(plane, "o3", Old));
        await plane.DrainAsync();

        (await LoadAsync(plane, Old)).MergedInto.ShouldBe(Known);
        (await LoadAsync(plane, Known)).Profile.Count.ShouldBe(1);
    }

    // All but how far the logs have been applied, and what that has had others told.
    private static async Task<string[]> ProfilesAsync(DataPlane plane) =>
        [.. (await Dump.OfAsync(plane)).Split('\n').Where(line => !line.Contains("}:owner = ", StringComparison.Ordinal) && !line.Contains("}:forward = ", StringComparison.Ordinal))];

    private static async Task StepAsync(DataPlane plane, History history)
    {
        switch (history.Random.Next(20))
        {
            case 0 when plane.Acknowledged.Count(a => a.Change is not null) < 8:
                await plane.AppendAsync(history.NextStatement(plane.Clock.NowMs));
                break;
            case < 3:
                if (history.NextMerge() is { } merge) await plane.MergeAsync(merge.ProfileId, merge.Into);
                break;
            case < 16:
                await plane.AppendAsync([.. Enumerable.Range(0, history.Random.Next(1, 4)).Select(_ => history.NextEvent(plane.Clock.NowMs))]);
                break;
            default:
                plane.Time.Advance(history.Random.NextInt64(1, 30 * History.HourMs));
                break;
        }
    }

    private async Task<DataPlane> OpenAsync()
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 5);
        ((string[])[Old, Known, Third]).Select(id => PartitionHash.Of(id, 5)).Distinct().Count().ShouldBe(3, "each in a partition of its own");
        return plane;
    }

    private static async Task<StoredProfile> LoadAsync(DataPlane plane, string id) =>
        (await new PartitionStore(plane.Redis, plane.Name, PartitionHash.Of(id, plane.PartitionCount)).LoadAsync([id], []))[0];

    private static async Task<IEnumerable<string>> MembersAsync(DataPlane plane, string segment) =>
        (await Oracle.MembersAsync(plane, segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision)).Keys;

    private static CustomerEvent Order(DataPlane plane, string id, string profile) => new(id, "placed_order", profile, plane.Clock.NowMs, 30m);
}
