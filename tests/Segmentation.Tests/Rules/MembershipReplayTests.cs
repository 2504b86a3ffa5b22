using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class MembershipReplayTests
{
    private static readonly SegmentDefinition Buyers = new("buyers", Count(Comparison.Gte(1), 30));

    [Fact]
    public void Every_entering_and_leaving_is_recorded_at_its_own_instant()
    {
        var ada = Ada(Order("1", 0), Order("2", 50));
        var asking = new SegmentDefinition("asking", new SegmentRule(Buyers, true, JoinedCondition.Within(Day)));

        Recorded(ada, 30, asking).ShouldBe(new Stay(At(0), IsMember: true));
        Recorded(ada, 50, asking).ShouldBe(new Stay(At(0), IsMember: false));
        Recorded(ada, 60, asking).ShouldBe(new Stay(At(50), IsMember: true, EnteredBeforeMs: At(0)));
        Recorded(ada, 0, asking).ShouldBeNull();
    }

    [Fact]
    public void A_segment_that_asks_of_one_that_asks_itself_is_followed()
    {
        // Buyers for a week from day 7, and those who have been so for less than 5 days until day 12.
        var weekly = new SegmentDefinition("weekly", new SegmentRule(Buyers, true, JoinedCondition.AtLeast(7 * Day)));
        var fresh = new SegmentDefinition("fresh", new SegmentRule(weekly, true, JoinedCondition.Within(5 * Day)));
        var ada = Ada(Order("1", 0));

        Matches(fresh, ada, At(7) - 1).ShouldBeFalse();
        Matches(fresh, ada, At(7)).ShouldBeTrue();
        Matches(fresh, ada, At(12) - 1).ShouldBeTrue();
        Matches(fresh, ada, At(12)).ShouldBeFalse();
    }

    [Fact]
    public void What_happened_since_entering_is_counted_from_the_latest_entering()
    {
        // Signed up and no order since: an order before signing up does not matter, one afterwards ends it, its refund begins it anew.
        var welcome = new SegmentDefinition("welcome", new AllOf([Named("signed_up"), new NoneOf([Since("welcome", "placed_order")])]));
        var ada = Ada(
            Order("0", 0), Order("s", 1, name: "signed_up"), Order("1", 5, 10m), Refund("r", 8, "1"), Order("2", 9));

        Matches(welcome, ada, At(1)).ShouldBeTrue();
        Matches(welcome, ada, At(5) - 1).ShouldBeTrue();
        Matches(welcome, ada, At(5)).ShouldBeFalse();
        Matches(welcome, ada, At(8)).ShouldBeTrue();
        Matches(welcome, ada, At(9)).ShouldBeFalse();
    }

    [Fact]
    public void Entering_anew_empties_the_time_since_entering_from_the_next_millisecond_on()
    {
        // In by a visit, then by an order since; out by a complaint for a day; back by that order alone, which is before the new entering.
        var rule = new AllOf(
        [
            new AnyOf([Named("visited", 1), Since("self", "placed_order")]),
            new NoneOf([Named("complained", 1)]),
        ]);
        var self = new SegmentDefinition("self", rule);
        var ada = Ada(Order("v", 0, name: "visited"), Order("1", 0.5), Order("c", 3, name: "complained"));

        Matches(self, ada, At(2)).ShouldBeTrue();
        Matches(self, ada, At(3)).ShouldBeFalse();
        Matches(self, ada, At(4) - 1).ShouldBeFalse();
        Matches(self, ada, At(4)).ShouldBeTrue();
        Matches(self, ada, At(4) + 1).ShouldBeFalse();
        Matches(self, ada, At(5)).ShouldBeFalse();
        SegmentExplanation.NextFlip(self, Replayed(self, ada, At(3) + 1), At(3) + 1).ShouldBe(At(4));
    }

    [Fact]
    public void At_the_instant_of_entering_the_time_since_the_entering_before_counts_however_often_it_is_asked()
    {
        var since = new SegmentDefinition("self", Since("self", "placed_order"));
        var ada = Ada(Order("1", 2));
        ada.Record("self", true, At(0));
        ada.Record("self", false, At(3));
        Ask(At(5)).ShouldBe((true, Verdict.Never));

        ada.Record("self", true, At(5));

        Ask(At(5)).ShouldBe((true, At(5) + 1));
        Ask(At(5) + 1).ShouldBe((false, Verdict.Never));

        (bool, long) Ask(long atMs)
        {
            var pass = new Evaluation();
            pass.Begin(ada, atMs);
            var verdict = pass.Evaluate(since);
            return (verdict.Matches, verdict.NextChangeMs);
        }
    }

    [Fact]
    public void An_event_to_come_counts_since_an_entering_at_the_instant_asked_about()
    {
        var since = new SegmentDefinition("self", Since("self", "placed_order"));
        var ada = Ada(Order("1", 8));
        ada.Record("self", true, At(5));

        SegmentExplanation.NextFlip(since, ada, At(5)).ShouldBe(At(8));
    }

    [Fact]
    public void Nothing_is_recorded_that_no_rule_asks_for()
    {
        var ada = Ada(Order("1", 0));
        var replay = new MembershipReplay([new SegmentDefinition("s", new SegmentRule(Buyers, true))]);

        replay.IsNeeded.ShouldBeFalse();
        replay.Run(ada, At(60));
        ada.Memberships.ShouldBeNull();
        ada.Tiers.ShouldBeNull();
    }

    private static EventRule Named(string name, double? withinDays = null) =>
        new(new EventSelection(name, []), Aggregate.Count, null, Comparison.Gte(1), withinDays is { } days ? Timeframe.Within((long)(days * Day)) : Timeframe.Ever);

    private static EventRule Since(string segment, string name) =>
        new(new EventSelection(name, []), Aggregate.Count, null, Comparison.Gte(1), new EnteringTimeframe(segment));

    private static Stay? Recorded(Profile profile, double day, SegmentDefinition asking) =>
        Replayed(asking, profile, At(day)).Memberships is { } history && history.Stays.TryGetValue("buyers", out var stay) ? stay : null;

    private static Profile Replayed(SegmentDefinition segment, Profile profile, long beforeMs)
    {
        (profile.Memberships, profile.Tiers) = (null, null);
        new MembershipReplay([segment]).Run(profile, beforeMs);
        return profile;
    }

    private static bool Matches(SegmentDefinition segment, Profile profile, long atMs)
    {
        var pass = new Evaluation();
        pass.Begin(Replayed(segment, profile, atMs), atMs);
        return pass.Evaluate(segment).Matches;
    }
}
