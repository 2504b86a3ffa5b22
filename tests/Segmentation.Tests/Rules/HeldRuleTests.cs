namespace Segmentation.Tests.Rules;

/// <summary>"Has been so for at least", "became so less than": exact to the millisecond.</summary>
public sealed class HeldRuleTests
{
    private static readonly PropertyPredicate IsPro = new("plan", PropertyOperator.Eq, ["pro"]);

    [Theory]
    [InlineData(0, false, 15.0)]
    [InlineData(14.999999, false, 15.0)]
    [InlineData(15, true, null)]
    [InlineData(400, true, null)]
    public void A_property_has_been_so_for_14_days_14_days_after_it_changed(double day, bool holds, double? changesOn)
    {
        var profile = Shop.Ada();
        profile.ChangeProperties(PropertyBag.Of(("plan", "free")), Shop.At(-10));
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro")), Shop.At(1));

        var verdict = Shop.Evaluate(profile, new HeldPropertyRule(IsPro, 14 * Shop.Day), day);

        verdict.Matches.ShouldBe(holds);
        Shop.NextDay(verdict).ShouldBe(changesOn);
    }

    [Fact]
    public void It_never_holds_by_time_alone_while_the_property_is_another()
    {
        var profile = Shop.Ada();
        profile.ChangeProperties(PropertyBag.Of(("plan", "free")), Shop.At(1));

        Shop.Evaluate(profile, new HeldPropertyRule(IsPro, Shop.Day), 2).ShouldSatisfyAllConditions(
            verdict => verdict.Matches.ShouldBeFalse(), verdict => verdict.NextChangeMs.ShouldBe(Verdict.Never));
    }

    [Fact]
    public void What_has_no_known_change_has_been_so_for_ever()
    {
        var profile = Shop.Ada();
        profile.Properties = PropertyBag.Of(("plan", "pro"));

        Shop.Evaluate(profile, new HeldPropertyRule(IsPro, 3660 * Shop.Day), 0).ShouldSatisfyAllConditions(
            verdict => verdict.Matches.ShouldBeTrue(), verdict => verdict.NextChangeMs.ShouldBe(Verdict.Never));
    }

    // Subscribed on day 10 after being unsubscribed since day 0; asked on a day.
    [Theory]
    [InlineData(ConsentStatus.Subscribed, null, null, 10, true, null)]
    [InlineData(ConsentStatus.Unsubscribed, null, null, 10, false, null)]
    [InlineData(ConsentStatus.Never, null, null, 10, false, null)]
    [InlineData(ConsentStatus.Subscribed, 5, null, 14, false, 15.0)]
    [InlineData(ConsentStatus.Subscribed, 5, null, 15, true, null)]
    [InlineData(ConsentStatus.Subscribed, null, 5, 10, true, 15.0)]
    [InlineData(ConsentStatus.Subscribed, null, 5, 14, true, 15.0)]
    [InlineData(ConsentStatus.Subscribed, null, 5, 15, false, null)]
    [InlineData(ConsentStatus.Subscribed, 5, 8, 12, false, 15.0)]
    [InlineData(ConsentStatus.Subscribed, 5, 8, 15, true, 18.0)]
    [InlineData(ConsentStatus.Subscribed, 5, 8, 18, false, null)]
    [InlineData(ConsentStatus.Unsubscribed, 5, null, 30, false, null)]
    public void Consent_is_asked_with_its_time(ConsentStatus status, int? forDays, int? withinDays, double day, bool holds, double? changesOn)
    {
        var profile = Shop.Ada();
        profile.State(new FactStatement(ProfileFacts.Consent("email"), ProfileFacts.Subscribed, Shop.At(10)), Shop.At(20));
        profile.State(new FactStatement(ProfileFacts.Consent("email"), ProfileFacts.Unsubscribed, Shop.At(0)), Shop.At(20));

        var verdict = Shop.Evaluate(profile, new ConsentRule("email", status, forDays * Shop.Day, withinDays * Shop.Day), day);

        verdict.Matches.ShouldBe(holds);
        Shop.NextDay(verdict).ShouldBe(changesOn);
    }

    [Fact]
    public void Nothing_recorded_is_never_subscribed_nor_suppressed()
    {
        var profile = Shop.Ada();
        Matches(profile, new ConsentRule("email", ConsentStatus.Never)).ShouldBeTrue();
        Matches(profile, new ConsentRule("email", ConsentStatus.Unsubscribed)).ShouldBeFalse();
        Matches(profile, new SuppressionRule("email", suppressed: true)).ShouldBeFalse();
        Matches(profile, new SuppressionRule("email", suppressed: false)).ShouldBeTrue();
    }

    [Fact]
    public void Channels_are_apart_and_suppression_that_was_lifted_is_none()
    {
        var profile = Shop.Ada();
        profile.State(new FactStatement(ProfileFacts.Consent("sms"), ProfileFacts.Subscribed, null), Shop.At(1));
        profile.State(new FactStatement(ProfileFacts.Suppression("email"), true, null), Shop.At(1));
        Matches(profile, new ConsentRule("email", ConsentStatus.Never)).ShouldBeTrue();
        Matches(profile, new ConsentRule("sms", ConsentStatus.Never)).ShouldBeFalse();
        Matches(profile, new SuppressionRule("email", suppressed: true)).ShouldBeTrue();
        Matches(profile, new SuppressionRule("sms", suppressed: true)).ShouldBeFalse();

        profile.State(new FactStatement(ProfileFacts.Suppression("email"), false, null), Shop.At(2));
        Matches(profile, new SuppressionRule("email", suppressed: true)).ShouldBeFalse();
        Matches(profile, new SuppressionRule("email", suppressed: false)).ShouldBeTrue();
    }

    [Fact]
    public void They_depend_on_the_fact_and_on_time_where_it_is_asked()
    {
        RuleDependencies.Of(new ConsentRule("email", ConsentStatus.Subscribed)).ShouldSatisfyAllConditions(
            d => d.ProfileProperties.ShouldBe([ProfileFacts.Consent("email")]), d => d.DependsOnTime.ShouldBeFalse());
        RuleDependencies.Of(new ConsentRule("email", ConsentStatus.Subscribed, withinMs: 5)).DependsOnTime.ShouldBeTrue();
        RuleDependencies.Of(new SuppressionRule("email", true)).ProfileProperties.ShouldBe([ProfileFacts.Suppression("email")]);
        RuleDependencies.Of(new HeldPropertyRule(IsPro, 5)).ShouldSatisfyAllConditions(
            d => d.ProfileProperties.ShouldBe(["plan"]), d => d.DependsOnTime.ShouldBeTrue());
    }

    [Fact]
    public void They_say_what_they_ask_and_found()
    {
        var profile = Shop.Ada();
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro")), Shop.At(1));
        profile.State(new FactStatement(ProfileFacts.Consent("email"), ProfileFacts.Subscribed, Shop.At(2)), Shop.At(2));

        Explain(profile, new HeldPropertyRule(IsPro, 14 * Shop.Day)).ShouldBe(("plan eq pro for 14d", "plan is pro; it has held since 2026-01-02T00:00:00Z"));
        Explain(profile, new ConsentRule("email", ConsentStatus.Unsubscribed, Shop.Day, 2 * Shop.Day)).ShouldBe(
            ("email is unsubscribed for 1d within 2d", "subscribed since 2026-01-03T00:00:00Z"));
        Explain(profile, new SuppressionRule("email", suppressed: false)).ShouldBe(("email is not suppressed", "nothing was ever recorded for email"));
    }

    [Theory]
    [InlineData("Email", null, null)]
    [InlineData("", null, null)]
    [InlineData("email", 0L, null)]
    [InlineData("email", 5L, 5L)]
    public void What_cannot_be_asked_is_refused(string channel, long? forMs, long? withinMs) =>
        Should.Throw<ArgumentException>(() => new ConsentRule(channel, ConsentStatus.Subscribed, forMs, withinMs));

    [Fact]
    public void Never_has_no_time() => Should.Throw<ArgumentException>(() => new ConsentRule("email", ConsentStatus.Never, 5));

    private static bool Matches(Profile profile, Rule rule) => Shop.Evaluate(profile, rule, 30).Matches;

    private static (string, string) Explain(Profile profile, Rule rule)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, Shop.At(30));
        var explanation = rule.Explain(evaluation);
        return (explanation.Condition, explanation.Finding);
    }
}
