using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

/// <summary>Rules on when a member joined another segment, and on what happened since entering this one.</summary>
public sealed class JoinedTests
{
    private static readonly SegmentDefinition Buyers = new("buyers", Count(Comparison.Gte(1), 30));

    // A buyer from day 0 to day 30, of which it is known that it joined on day 0 → at this day: holds?, next change.
    public static TheoryData<string, double, bool, double?> Answers => new()
    {
        { "within", 0, true, 7 },
        { "within", 6.5, true, 7 },
        { "within", 7, false, 30 },
        { "within", 30, false, null },
        { "at least", 0, false, 7 },
        { "at least", 6.5, false, 7 },
        { "at least", 7, true, 30 },
        { "at least", 30, false, null },
        { "before its joining", 1, false, 30 },
        { "after its joining", 1, true, 30 },
        { "after its joining", 30, false, null },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void When_a_member_joined_is_as_remembered(string asked, double day, bool holds, double? nextDay)
    {
        var ada = Ada(Order("1", 0));
        ada.Record("buyers", true, At(0));

        var verdict = Evaluate(ada, new SegmentRule(Buyers, true, Asked(asked)), day);

        verdict.Matches.ShouldBe(holds);
        NextDay(verdict).ShouldBe(nextDay);
    }

    [Theory]
    [InlineData("within", true, 12)]
    [InlineData("at least", false, 12)]
    [InlineData("before its joining", false, 30)]
    [InlineData("on day 9", true, 9)] // where its entering is recorded only later, it is not before that day
    public void A_member_that_is_not_remembered_as_one_enters_now(string asked, bool holds, double nextDay)
    {
        var ada = Ada(Order("1", 0));
        ada.Memberships = new MembershipHistory();
        ada.Memberships.Set("buyers", new Stay(At(-50), IsMember: false));

        var verdict = Evaluate(ada, new SegmentRule(Buyers, true, asked == "on day 9" ? JoinedCondition.Before(At(9)) : Asked(asked)), 5);

        verdict.Matches.ShouldBe(holds);
        NextDay(verdict).ShouldBe(nextDay);
    }

    [Fact]
    public void The_boundaries_are_exact_to_the_millisecond()
    {
        var ada = Ada(Order("1", 0));
        ada.Record("buyers", true, At(0));

        Holds(JoinedCondition.Within(7 * Day), At(7) - 1).ShouldBeTrue();
        Holds(JoinedCondition.Within(7 * Day), At(7)).ShouldBeFalse();
        Holds(JoinedCondition.AtLeast(7 * Day), At(7) - 1).ShouldBeFalse();
        Holds(JoinedCondition.AtLeast(7 * Day), At(7)).ShouldBeTrue();
        Holds(JoinedCondition.Before(At(0)), At(1)).ShouldBeFalse();
        Holds(JoinedCondition.Before(At(0) + 1), At(1)).ShouldBeTrue();

        bool Holds(JoinedCondition joined, long atMs)
        {
            var pass = new Evaluation();
            pass.Begin(ada, atMs);
            return new SegmentRule(Buyers, true, joined).Evaluate(pass).Matches;
        }
    }

    [Fact]
    public void It_is_not_asked_of_others_than_members() =>
        Should.Throw<ArgumentException>(() => new SegmentRule(Buyers, false, JoinedCondition.Within(Day)));

    [Fact]
    public void It_depends_on_time_and_on_the_entries_of_the_other_segment()
    {
        var dependencies = RuleDependencies.Of(new SegmentRule(new SegmentDefinition("ever", Count(Comparison.Gte(1))), true, JoinedCondition.AtLeast(Day)));

        dependencies.Entries.ShouldBe(["ever"]);
        dependencies.DependsOnTime.ShouldBeTrue();
        dependencies.ReadsHistory.ShouldBeTrue();
        RuleDependencies.Of(new SegmentRule(Buyers, true)).ReadsHistory.ShouldBeFalse();
    }

    [Fact]
    public void The_explanation_tells_since_when()
    {
        var ada = Ada(Order("1", 0));
        ada.Record("buyers", true, At(0));

        var explanation = SegmentExplanation.Of(new SegmentDefinition("s", new SegmentRule(Buyers, true, JoinedCondition.Within(7 * Day))), ada, At(3));

        explanation.Condition.Condition.ShouldBe("member of buyers, joined within 7d");
        explanation.Condition.Finding.ShouldBe($"a member of buyers since {Rfc3339.Format(At(0))}");
        explanation.NextChangeMs.ShouldBe(At(7));
    }

    [Fact]
    public void A_flip_that_depends_on_an_entering_to_come_is_found()
    {
        // Lapsed from day 30 on, and for a week from day 37 on.
        var lapsed = new SegmentDefinition("lapsed", new NoneOf([Count(Comparison.Gte(1), 30)]));
        var loyal = new SegmentDefinition("loyal", new SegmentRule(lapsed, true, JoinedCondition.AtLeast(7 * Day)));
        var ada = Ada(Order("1", 0));

        SegmentExplanation.NextFlip(loyal, ada, At(3)).ShouldBe(At(37));
        ada.Memberships.ShouldBeNull();
    }

    private static JoinedCondition Asked(string asked) => asked switch
    {
        "within" => JoinedCondition.Within(7 * Day),
        "at least" => JoinedCondition.AtLeast(7 * Day),
        "before its joining" => JoinedCondition.Before(At(0)),
        _ => JoinedCondition.Before(At(0) + 1),
    };
}
