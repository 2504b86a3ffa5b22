namespace Segmentation.Tests.Rules;

public sealed class PropertyPredicateTests
{
    // Operator, operands, the property's value (null: missing) → holds when missing is excluded, and when it is included.
    public static TheoryData<PropertyOperator, PropertyValue[], PropertyValue?, bool, bool> Cases => new()
    {
        { PropertyOperator.Eq, ["DE"], "DE", true, true },
        { PropertyOperator.Eq, ["DE"], "de", false, false },
        { PropertyOperator.Eq, ["DE"], null, false, true },
        { PropertyOperator.Eq, [""], "", true, true },
        { PropertyOperator.Eq, [1.50m], 1.5m, true, true },
        { PropertyOperator.Eq, [5], "5", false, true },
        { PropertyOperator.Eq, [true], true, true, true },
        { PropertyOperator.Eq, [true], 1, false, true },
        { PropertyOperator.Eq, ["vip"], (string[])["vip"], false, true },
        { PropertyOperator.Eq, [(string[])["a", "b"]], (string[])["a", "b"], true, true },
        { PropertyOperator.Eq, [(string[])["a", "b"]], (string[])["b", "a"], false, false },
        { PropertyOperator.Ne, ["DE"], "FR", true, true },
        { PropertyOperator.Ne, ["DE"], "DE", false, false },
        { PropertyOperator.Ne, ["DE"], null, false, true },
        { PropertyOperator.Ne, ["DE"], 7, false, true },
        { PropertyOperator.In, ["DE", "AT"], "AT", true, true },
        { PropertyOperator.In, ["DE", "AT"], "FR", false, false },
        { PropertyOperator.In, ["DE", 5], 5, true, true },
        { PropertyOperator.In, ["DE", "AT"], 5, false, true },
        { PropertyOperator.NotIn, ["DE", "AT"], "FR", true, true },
        { PropertyOperator.NotIn, ["DE", "AT"], "DE", false, false },
        { PropertyOperator.NotIn, ["DE", "AT"], null, false, true },
        { PropertyOperator.NotIn, ["DE", "AT"], 5, false, true },
        { PropertyOperator.Gt, [10], 10, false, false },
        { PropertyOperator.Gt, [10], 10.01m, true, true },
        { PropertyOperator.Gte, [10], 10, true, true },
        { PropertyOperator.Lt, [10], 10, false, false },
        { PropertyOperator.Lt, [10], 9.99m, true, true },
        { PropertyOperator.Lte, [10], 10, true, true },
        { PropertyOperator.Lte, [10], 10.01m, false, false },
        { PropertyOperator.Lte, [10], null, false, true },
        { PropertyOperator.Lte, [10], "9", false, true },
        { PropertyOperator.Between, [1, 2], 1, true, true },
        { PropertyOperator.Between, [1, 2], 2, true, true },
        { PropertyOperator.Between, [1, 2], 2.01m, false, false },
        { PropertyOperator.Contains, ["old"], "gold plan", true, true },
        { PropertyOperator.Contains, ["OLD"], "gold plan", false, false },
        { PropertyOperator.Contains, ["vip"], (string[])["new", "vip"], true, true },
        { PropertyOperator.Contains, ["vip"], (string[])["vips"], false, false },
        { PropertyOperator.Contains, ["5"], 5, false, true },
        { PropertyOperator.StartsWith, ["go"], "gold", true, true },
        { PropertyOperator.StartsWith, ["ol"], "gold", false, false },
        { PropertyOperator.StartsWith, ["go"], (string[])["gold"], false, true },
        { PropertyOperator.EndsWith, ["ld"], "gold", true, true },
        { PropertyOperator.EndsWith, ["go"], "gold", false, false },
        { PropertyOperator.Matches, ["^g.*d$"], "gold", true, true },
        { PropertyOperator.Matches, ["ol"], "gold", true, true },
        { PropertyOperator.Matches, ["^ol"], "gold", false, false },
        { PropertyOperator.Matches, ["ol"], null, false, true },
        { PropertyOperator.NotContains, ["old"], "gold plan", false, false },
        { PropertyOperator.NotContains, ["OLD"], "gold plan", true, true },
        { PropertyOperator.NotContains, ["a"], "", true, true },
        { PropertyOperator.NotContains, ["vip"], (string[])["new", "vip"], false, false },
        { PropertyOperator.NotContains, ["vip"], (string[])["vips"], true, true },
        { PropertyOperator.NotContains, ["5"], 6, false, true },
        { PropertyOperator.NotContains, ["old"], null, false, true },
        { PropertyOperator.NotStartsWith, ["go"], "gold", false, false },
        { PropertyOperator.NotStartsWith, ["ol"], "gold", true, true },
        { PropertyOperator.NotStartsWith, ["go"], (string[])["silver"], false, true },
        { PropertyOperator.NotEndsWith, ["ld"], "gold", false, false },
        { PropertyOperator.NotEndsWith, ["go"], "gold", true, true },
        { PropertyOperator.NotEndsWith, ["go"], null, false, true },
        { PropertyOperator.NotMatches, ["^g.*d$"], "gold", false, false },
        { PropertyOperator.NotMatches, ["^ol"], "gold", true, true },
        { PropertyOperator.NotMatches, ["ol"], true, false, true },
        { PropertyOperator.ContainsAny, ["a", "b"], (string[])["x", "b"], true, true },
        { PropertyOperator.ContainsAny, ["a", "b"], (string[])["x"], false, false },
        { PropertyOperator.ContainsAny, ["a", "b"], (string[])[], false, false },
        { PropertyOperator.ContainsAny, ["a", "b"], "a", false, true },
        { PropertyOperator.ContainsAny, ["a"], null, false, true },
        { PropertyOperator.ContainsAll, ["a", "b", "a"], (string[])["b", "x", "a"], true, true },
        { PropertyOperator.ContainsAll, ["a", "b"], (string[])["a", "a", "x"], false, false },
        { PropertyOperator.ContainsAll, ["a", "b"], (string[])["a"], false, false },
        { PropertyOperator.ContainsAll, ["a"], 5, false, true },
        { PropertyOperator.ContainsNone, ["a", "b"], (string[])["x", "A"], true, true },
        { PropertyOperator.ContainsNone, ["a", "b"], (string[])["x", "a"], false, false },
        { PropertyOperator.ContainsNone, ["a"], (string[])[], true, true },
        { PropertyOperator.ContainsNone, ["a"], null, false, true },
        { PropertyOperator.ContainsNone, ["a"], "b", false, true },
        { PropertyOperator.Before, [Day2Ms], "2026-01-02T00:59:59.999+01:00", true, true },
        { PropertyOperator.Before, [Day2Ms], "2026-01-02", false, false },
        { PropertyOperator.Before, [Day2Ms], "1905-01-01", true, true },
        { PropertyOperator.Before, [Day2Ms], "", false, true },
        { PropertyOperator.Before, [Day2Ms], 1767225600000m, false, true },
        { PropertyOperator.Before, [Day2Ms], null, false, true },
        { PropertyOperator.After, [Day2Ms], "2026-01-02T00:00:00Z", false, false },
        { PropertyOperator.After, [Day2Ms], "2026-01-02T00:00:00.001Z", true, true },
        { PropertyOperator.After, [Day2Ms], "9999-12-31", true, true },
        { PropertyOperator.Month, [2], "2000-02-29", true, true },
        { PropertyOperator.Month, [2], "2000-03-01", false, false },
        { PropertyOperator.Month, [12], "9999-12-31T23:59:59Z", true, true },
        { PropertyOperator.Month, [2], "February", false, true },
    };

    // 2026-01-02T00:00:00Z.
    private const long Day2Ms = Shop.Start + Shop.Day;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_predicate_tests_one_property(PropertyOperator op, PropertyValue[] operands, PropertyValue? value, bool holds, bool holdsOrMissing)
    {
        var bag = value is null ? PropertyBag.Empty : PropertyBag.Of(("p", value.Value));

        new PropertyPredicate("p", op, operands).Holds(bag).ShouldBe(holds);
        new PropertyPredicate("p", op, operands, OnMissing.Include).Holds(bag).ShouldBe(holdsOrMissing);
    }

    [Fact]
    public void Exists_asks_for_presence_whatever_the_value_or_for_absence()
    {
        var present = PropertyBag.Of(("p", ""));

        new PropertyPredicate("p", PropertyOperator.Exists, [true]).Holds(present).ShouldBeTrue();
        new PropertyPredicate("p", PropertyOperator.Exists, [true]).Holds(PropertyBag.Empty).ShouldBeFalse();
        new PropertyPredicate("p", PropertyOperator.Exists, [false]).Holds(present).ShouldBeFalse();
        new PropertyPredicate("p", PropertyOperator.Exists, [false]).Holds(PropertyBag.Empty).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, true)]
    [InlineData(2, true, true)]
    [InlineData(3, false, false)]
    [InlineData(-1, false, true)]
    public void Length_counts_the_elements_of_a_list(int elements, bool holds, bool holdsOrMissing)
    {
        var bag = PropertyBag.Of(("p", elements < 0 ? "text" : Enumerable.Repeat("a", elements).ToArray()));

        new PropertyPredicate("p", Comparison.Between(1, 2)).Holds(bag).ShouldBe(holds);
        new PropertyPredicate("p", Comparison.Between(1, 2), OnMissing.Include).Holds(bag).ShouldBe(holdsOrMissing);
        new PropertyPredicate("p", Comparison.Between(1, 2)).ToString().ShouldBe("p length between 1 and 2");
    }

    [Theory]
    [InlineData("2026-01-31T22:59:59.999Z", false)]
    [InlineData("2026-01-31T23:00:00Z", true)]
    [InlineData("2026-02-01", true)]
    public void A_month_is_one_of_the_calendars_zone(string date, bool holds)
    {
        var berlin = new SegmentCalendar(NodaTime.DateTimeZoneProviders.Tzdb["Europe/Berlin"], NodaTime.IsoDayOfWeek.Monday);
        var predicate = new PropertyPredicate("p", PropertyOperator.Month, [2], calendar: berlin);

        predicate.Holds(PropertyBag.Of(("p", date))).ShouldBe(holds);
        predicate.ToString().ShouldBe("p month 2 in Europe/Berlin");
    }

    [Fact]
    public void A_day_alone_is_its_start_in_the_calendars_zone()
    {
        var berlin = new SegmentCalendar(NodaTime.DateTimeZoneProviders.Tzdb["Europe/Berlin"], NodaTime.IsoDayOfWeek.Monday);
        var predicate = new PropertyPredicate("p", PropertyOperator.Before, [Day2Ms], calendar: berlin);

        predicate.Holds(PropertyBag.Of(("p", "2026-01-02"))).ShouldBeTrue("the day begins an hour earlier in Berlin");
        predicate.ToString().ShouldBe("p before 2026-01-02T00:00:00Z");
    }

    public static TheoryData<PropertyOperator, PropertyValue[], OnMissing, string> Bad => new()
    {
        { PropertyOperator.Gt, ["10"], OnMissing.Exclude, "gt takes a number" },
        { PropertyOperator.Contains, [10], OnMissing.Exclude, "contains takes a text" },
        { PropertyOperator.Exists, ["yes"], OnMissing.Exclude, "exists takes a boolean" },
        { PropertyOperator.Exists, [true], OnMissing.Include, "exists asks for absence itself" },
        { PropertyOperator.Eq, ["a", "b"], OnMissing.Exclude, "eq takes 1 operands, not 2" },
        { PropertyOperator.In, [], OnMissing.Exclude, "in takes 1 to 1000 operands, not 0" },
        { PropertyOperator.NotIn, [(string[])["a"]], OnMissing.Exclude, "notIn takes texts, numbers and booleans" },
        { PropertyOperator.Between, [1], OnMissing.Exclude, "between takes 2 operands" },
        { PropertyOperator.Between, [2, 1], OnMissing.Exclude, "between needs its lower bound first" },
        { PropertyOperator.ContainsAny, [], OnMissing.Exclude, "containsAny takes 1 to 1000 operands" },
        { PropertyOperator.ContainsAll, [5], OnMissing.Exclude, "containsAll takes a text" },
        { PropertyOperator.Length, [5], OnMissing.Exclude, "length takes a comparison" },
        { PropertyOperator.Before, ["2026-01-01"], OnMissing.Exclude, "before takes a number" },
        { PropertyOperator.After, [1e18m], OnMissing.Exclude, "after takes an instant" },
        { PropertyOperator.Month, [13], OnMissing.Exclude, "month takes a month" },
        { PropertyOperator.Matches, ["(a"], OnMissing.Exclude, "The regular expression does not parse" },
        { PropertyOperator.Matches, [@"(a)\1"], OnMissing.Exclude, "The regular expression uses what takes more than linear time" },
        { PropertyOperator.Matches, ["(?=a)"], OnMissing.Exclude, "The regular expression uses what takes more than linear time" },
        { PropertyOperator.Matches, ["(a{1000}){1000}"], OnMissing.Exclude, "The regular expression uses what takes more than linear time" },
        { PropertyOperator.Matches, [new string('a', 257)], OnMissing.Exclude, "A regular expression may have at most 256 characters" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Operands_that_do_not_fit_are_refused(PropertyOperator op, PropertyValue[] operands, OnMissing onMissing, string message) =>
        Should.Throw<ArgumentException>(() => new PropertyPredicate("p", op, operands, onMissing)).Message.ShouldStartWith(message);

    [Fact]
    public void A_hostile_expression_on_the_longest_text_does_not_explode()
    {
        var predicate = new PropertyPredicate("p", PropertyOperator.Matches, ["^(a+)+$"]);

        predicate.Holds(PropertyBag.Of(("p", new string('a', 1023) + "!"))).ShouldBeFalse();
    }
}
