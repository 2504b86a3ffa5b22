namespace Segmentation.Tests;

/// <summary>Random samples, and profiles one by one.</summary>
public class SelectionRuleTests
{
    // printf 'spring-2027\nc-1' | openssl dgst -sha256: the first 16 hexadecimal digits modulo 10,000.
    [Theory]
    [InlineData("spring-2027", "c-1", 69.84)] // 76574bc8f01e3358
    [InlineData("spring-2027", "c-2", 43.36)] // 8d8f8942671ae0b0
    [InlineData("autumn", "c-1", 75.88)] // efc40035a3f448c4
    [InlineData("grün", "käufer-ß", 65.49)] // db96c9a580cd60f5
    [InlineData("s", "😀", 15.54)] // a2b104b5ac40f4d2
    public void A_profile_has_one_place_which_anyone_can_compute(string salt, string id, double place)
    {
        var at = (decimal)place;
        Holds(new SampleRule(salt, at, at + 0.01m), id).ShouldBeTrue();
        Holds(new SampleRule(salt, 0, at), id).ShouldBeFalse();
        Holds(new SampleRule(salt, at + 0.01m, 100), id).ShouldBeFalse();
    }

    [Fact]
    public void An_id_of_any_length_has_a_place()
    {
        foreach (var length in (int[])[1, 256, 5_000])
            Holds(new SampleRule("s", 0, 100), new string('ü', length)).ShouldBeTrue();
    }

    [Fact]
    public void Shares_that_adjoin_split_everybody()
    {
        Rule[] shares = [new SampleRule("split", 0, 33.33m), new SampleRule("split", 33.33m, 66.67m), new SampleRule("split", 66.67m, 100)];
        for (var i = 0; i < 2_000; i++)
            shares.Count(share => Holds(share, $"c-{i}")).ShouldBe(1);
    }

    [Fact]
    public void Every_hundredth_of_all_profiles_is_about_as_large()
    {
        const int Profiles = 10_000;
        var shares = Enumerable.Range(0, 100).Select(percent => new SampleRule("uniform", percent, percent + 1)).ToArray();
        var counts = shares.Select(share => Enumerable.Range(0, Profiles).Count(i => Holds(share, $"c-{i}"))).ToArray();

        // Chi-squared with 99 degrees of freedom: 149 is exceeded by chance once in a thousand salts, and this salt is fixed.
        counts.Sum().ShouldBe(Profiles);
        counts.Sum(count => Math.Pow(count - (Profiles / 100), 2) / (Profiles / 100)).ShouldBeLessThan(149);
    }

    [Fact]
    public void Samples_with_different_salts_are_independent()
    {
        const int Profiles = 50_000;
        var (first, second) = (new SampleRule("a", 0, 30), new SampleRule("b", 0, 30));
        var both = Enumerable.Range(0, Profiles).Count(i => Holds(first, $"c-{i}") && Holds(second, $"c-{i}"));

        // 9 % are expected; four standard deviations are 0.51 %.
        (both / (double)Profiles).ShouldBe(0.09, tolerance: 0.0052);
    }

    [Theory]
    [InlineData("s", 10, 10)]
    [InlineData("s", 20, 10)]
    [InlineData("s", -1, 10)]
    [InlineData("s", 0, 100.01)]
    [InlineData("s", 0, 0.001)]
    [InlineData("", 0, 10)]
    public void Bounds_are_shares_of_a_hundred(string salt, double from, double to) =>
        Should.Throw<ArgumentException>(() => new SampleRule(salt, (decimal)from, (decimal)to));

    [Fact]
    public void Listed_profiles_are_in_and_no_others()
    {
        var rule = new ProfilesRule(["c-1", "c-2", "c-1"]);
        Holds(rule, "c-1").ShouldBeTrue();
        Holds(rule, "c-2").ShouldBeTrue();
        Holds(rule, "C-1").ShouldBeFalse();
        Holds(rule, "c-3").ShouldBeFalse();
    }

    [Fact]
    public void Both_say_what_was_asked_and_found_without_listing_ids()
    {
        Explain(new SampleRule("spring-2027", 0, 12.5m), "c-1").ShouldBe(("sample", "0 to 12.5 percent, salt spring-2027", "at 69.84", false));
        Explain(new ProfilesRule(["c-1", "c-2"]), "c-1").ShouldBe(("profiles", "one of 2 ids", "listed", true));
        Explain(new ProfilesRule(["c-1", "c-2"]), "c-3").ShouldBe(("profiles", "one of 2 ids", "not listed", false));
    }

    [Fact]
    public void Neither_depends_on_anything_but_the_id()
    {
        foreach (Rule rule in (Rule[])[new SampleRule("s", 0, 1), new ProfilesRule(["a"])])
        {
            var dependencies = RuleDependencies.Of(rule);
            (dependencies.EventNames.Count, dependencies.ProfileProperties.Count, dependencies.DependsOnTime).ShouldBe((0, 0, false));
            Shop.Evaluate(new Profile("a"), rule, 0).NextChangeMs.ShouldBe(Verdict.Never);
        }
    }

    private static bool Holds(Rule rule, string id) => Shop.Evaluate(new Profile(id), rule, 0).Matches;

    private static (string Key, string Condition, string Finding, bool Matches) Explain(Rule rule, string id)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(new Profile(id), Shop.At(0));
        var explained = rule.Explain(evaluation);
        return (explained.Key, explained.Condition, explained.Finding, explained.Matches);
    }
}
