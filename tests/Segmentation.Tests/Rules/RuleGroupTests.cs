using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Rules;

public sealed class RuleGroupTests
{
    // Asked on day 5. A rule that holds now and stops on that day, or does not and begins then; 0: never.
    private static EventRule Holds(double until) =>
        until == 0 ? Count(Comparison.Gte(1)) : Count(Comparison.Gte(1), until);

    private static EventRule Fails(double until) =>
        until == 0 ? Count(Comparison.Eq(0)) : Count(Comparison.Eq(0), until);

    private static readonly Profile Customer = Ada(Order("1", 0));

    public static TheoryData<string, string, Rule[], bool, double?, int> Cases => new()
    {
        { "all hold: until the first one fails", "all", [Holds(9), Holds(7), Holds(8)], true, 7, 1 },
        { "all hold for ever", "all", [Holds(0), Holds(0)], true, null, 0 },
        { "all: one fails, until it holds", "all", [Holds(6), Fails(7)], false, 7, 1 },
        { "all: several fail, until the last one holds", "all", [Fails(9), Fails(7), Holds(6)], false, 9, 0 },
        { "all: one fails for ever", "all", [Fails(7), Fails(0), Fails(8)], false, null, 0 },
        { "any: none holds, until the first does", "any", [Fails(9), Fails(7)], false, 7, 1 },
        { "any: one holds, until it fails", "any", [Fails(6), Holds(7)], true, 7, 1 },
        { "any: several hold, until the last one fails", "any", [Holds(7), Holds(9), Fails(6)], true, 9, 0 },
        { "any: one holds for ever", "any", [Holds(7), Holds(0)], true, null, 0 },
        { "none: one holds, until it fails", "none", [Fails(6), Holds(7)], false, 7, 1 },
        { "none: several hold, until the last one fails", "none", [Holds(9), Holds(7)], false, 9, 0 },
        { "none holds, until the first does", "none", [Fails(9), Fails(7)], true, 7, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_group_combines_answers_and_their_next_changes(
        string what, string kind, Rule[] children, bool holds, double? next, int decider)
    {
        RuleGroup group = kind switch
        {
            "all" => new AllOf(children),
            "any" => new AnyOf(children),
            _ => new NoneOf(children),
        };

        var verdict = Evaluate(Customer, group, 5);

        (verdict.Matches, NextDay(verdict)).ShouldBe((holds, next), what);
        verdict.DecidedBy.ShouldBeSameAs(children[decider], what);
    }

    [Fact]
    public void Groups_nest_and_the_leaf_is_what_decided()
    {
        var leaf = Holds(7);
        var group = new NoneOf([new AllOf([Holds(9), new AnyOf([Fails(6), leaf])])]);

        Evaluate(Customer, group, 5).ShouldBe(new Verdict(false, At(7), leaf));
    }

    [Fact]
    public void A_group_needs_a_child() => Should.Throw<ArgumentException>(() => new AllOf([]));
}
