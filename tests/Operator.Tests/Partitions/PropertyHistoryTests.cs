using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>"Has been so for", consent and dates on a real Redis: exact flips, and a history that outlives its owner.</summary>
[Collection(SharedRedis.Name)]
public sealed class PropertyHistoryTests(RedisServer redis)
{
    private const long DayMs = 24 * History.HourMs;

    private static readonly SegmentSpec ProForTwoWeeks =
        Shop.Spec(new ConditionSpec { Property = new PropertyConditionSpec { Name = "plan", Eq = (ScalarValue)"pro", For = "14d" } });

    [Fact]
    public async Task A_profile_enters_when_its_property_has_been_so_for_14_days_to_the_millisecond()
    {
        await using var plane = await OpenAsync("loyal", ProForTwoWeeks);
        await plane.AppendAsync(Plan("free"));
        await plane.DrainAsync();
        plane.Time.Advance(DayMs);
        await plane.AppendAsync(Plan("pro"));
        await plane.DrainAsync();
        plane.Time.Advance((14 * DayMs) - 1);
        await plane.DrainAsync();
        (await MembersAsync(plane, "loyal")).ShouldBeEmpty();

        plane.Time.Advance(1);
        await plane.DrainAsync();

        (await MembersAsync(plane, "loyal")).ShouldBe(["ada"]);
        (await Oracle.OutboxAsync(plane, "loyal")).ShouldBe([new Flip("ada", true, DataPlane.Epoch.ToUnixTimeMilliseconds() + (15 * DayMs), "time")]);
    }

    [Fact]
    public async Task The_history_survives_the_owner_and_a_break_begins_anew()
    {
        await using var plane = await OpenAsync("loyal", ProForTwoWeeks);
        await plane.AppendAsync(Plan("pro"));
        await plane.DrainAsync();
        plane.Time.Advance(10 * DayMs);
        await plane.TakeOverAsync();
        await plane.AppendAsync(new ProfileChange("ada", PropertyBag.Of(("visits", 1)), Merge: true, []));
        await plane.DrainAsync();
        plane.Time.Advance(4 * DayMs);
        await plane.DrainAsync();
        (await MembersAsync(plane, "loyal")).ShouldBe(["ada"], "14 days after it became so, though another owner saw that");

        await plane.AppendAsync(Plan("free"));
        await plane.AppendAsync(Plan("pro"));
        await plane.DrainAsync();
        (await MembersAsync(plane, "loyal")).ShouldBe(["ada"], "it was another for no time at all");

        await plane.AppendAsync(Plan("free"));
        plane.Time.Advance(1);
        await plane.AppendAsync(Plan("pro"));
        await plane.TakeOverAsync();
        await plane.DrainAsync();
        (await MembersAsync(plane, "loyal")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_stored_history_has_one_form_and_holds_the_instants_of_acceptance()
    {
        await using var plane = await OpenAsync("loyal", ProForTwoWeeks);
        var atMs = plane.Clock.NowMs;
        await plane.AppendAsync(Plan("free"));
        plane.Time.Advance(5);
        await plane.AppendAsync(new ProfileChange("ada", PropertyBag.Empty, Merge: true, ["plan"], [new FactStatement(ProfileFacts.Suppression("email"), true, null)]));
        plane.Time.Advance(1000);
        await plane.DrainAsync();

        (await FieldAsync(plane, "changes")).ShouldBe($$"""[[{{atMs}},{"plan":null}],[{{atMs + 5}},{"$suppressed.email":null,"plan":"free"}]]""");
        (await FieldAsync(plane, "props")).ShouldBe("""{"$suppressed.email":true}""");

        await plane.AppendAsync(new ProfileChange("ada", PropertyBag.Empty, Merge: true, [], [new FactStatement(ProfileFacts.Suppression("email"), null, null)]));
        await plane.DrainAsync();
        (await FieldAsync(plane, "changes")).ShouldBe($$"""[[{{atMs}},{"plan":null}],[{{atMs + 5}},{"plan":"free"}]]""");
        (await FieldAsync(plane, "props")).ShouldBe("{}");
    }

    [Fact]
    public async Task Consent_that_is_told_late_counts_from_when_it_was_given()
    {
        await using var plane = await OpenAsync("new", Shop.Spec(new ConditionSpec { Consent = new ConsentConditionSpec { Channel = "email", Within = "7d" } }));
        plane.Declare("may-write", Shop.Spec(new ConditionSpec
        {
            All =
            [
                new ConditionSpec { Consent = new ConsentConditionSpec { Channel = "email" } },
                new ConditionSpec { Suppression = new SuppressionConditionSpec { Channel = "email", Is = SuppressionState.NotSuppressed } },
            ],
        }));
        await plane.DrainAsync();
        var givenMs = plane.Clock.NowMs - (3 * DayMs);
        await plane.AppendAsync(Consent(ProfileFacts.Subscribed, givenMs));
        await plane.DrainAsync();
        (await MembersAsync(plane, "new")).ShouldBe(["ada"]);
        (await MembersAsync(plane, "may-write")).ShouldBe(["ada"]);

        await plane.AppendAsync(Consent(ProfileFacts.Unsubscribed, givenMs - 1));
        await plane.AppendAsync(new ProfileChange("ada", PropertyBag.Of(("plan", "free")), Merge: false, []));
        plane.Time.Advance((4 * DayMs) - 1);
        await plane.DrainAsync();
        (await MembersAsync(plane, "new")).ShouldBe(["ada"], "what was before, and a PUT of properties, changes nothing");

        plane.Time.Advance(1);
        await plane.DrainAsync();
        (await MembersAsync(plane, "new")).ShouldBeEmpty();
        (await Oracle.OutboxAsync(plane, "new"))[^1].ShouldBe(new Flip("ada", false, givenMs + (7 * DayMs), "time"));

        await plane.AppendAsync(new ProfileChange("ada", PropertyBag.Empty, Merge: true, [], [new FactStatement(ProfileFacts.Suppression("email"), true, null)]));
        await plane.DrainAsync();
        (await MembersAsync(plane, "may-write")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_birthday_comes_and_goes_by_time_alone()
    {
        await using var plane = await OpenAsync("birthday", Shop.Spec(
            new ConditionSpec { Property = new PropertyConditionSpec { Name = "birthday", Anniversary = new AnniversarySpec { WithinNext = 1 } } }));
        await plane.AppendAsync(new ProfileChange("ada", PropertyBag.Of(("birthday", "1990-03-05")), Merge: false, []));
        await plane.DrainAsync();
        plane.Time.Advance(365 * DayMs);
        await plane.DrainAsync();

        var epochMs = DataPlane.Epoch.ToUnixTimeMilliseconds();
        (await Oracle.OutboxAsync(plane, "birthday")).ShouldBe(
            [new Flip("ada", true, epochMs + (3 * DayMs), "time"), new Flip("ada", false, epochMs + (5 * DayMs), "time")]);
    }

    [Fact]
    public async Task A_replica_whose_clock_lags_turns_no_history_back()
    {
        await using var plane = await OpenAsync("loyal", ProForTwoWeeks);
        var atMs = plane.Clock.NowMs;
        var prefix = Keys.Partition(plane.Name, 0);
        await plane.Log.AppendAsync(prefix, atMs, Plan("free"));
        await plane.Log.AppendAsync(prefix, atMs - 500, Plan("pro"));
        await plane.DrainAsync();

        (await FieldAsync(plane, "props")).ShouldBe("""{"plan":"pro"}""");
        plane.Time.Advance((14 * DayMs) - 1);
        await plane.DrainAsync();
        (await MembersAsync(plane, "loyal")).ShouldBeEmpty("it is pro since the plan before was told");
        plane.Time.Advance(1);
        await plane.DrainAsync();
        (await MembersAsync(plane, "loyal")).ShouldBe(["ada"]);
    }

    private static ProfileChange Plan(string plan) => new("ada", PropertyBag.Of(("plan", plan)), Merge: true, []);

    private static ProfileChange Consent(string status, long sinceMs) =>
        new("ada", PropertyBag.Empty, Merge: true, [], [new FactStatement(ProfileFacts.Consent("email"), status, sinceMs)]);

    private static async Task<string?> FieldAsync(DataPlane plane, string field) =>
        await plane.Redis.Database.HashGetAsync(Keys.Profile(Keys.Partition(plane.Name, 0), "ada"), field);

    private static async Task<string[]> MembersAsync(DataPlane plane, string segment) =>
        [.. (await Oracle.MembersAsync(plane, segment, plane.Workspace.Catalog.Segments[segment].Serving!.Revision)).Keys.Order(StringComparer.Ordinal)];

    private async Task<DataPlane> OpenAsync(string segment, SegmentSpec spec)
    {
        var plane = await DataPlane.OpenAsync(redis.Configuration, partitions: 1, new DataPlaneOptions());
        plane.Declare(segment, spec);
        await plane.DrainAsync();
        return plane;
    }
}
