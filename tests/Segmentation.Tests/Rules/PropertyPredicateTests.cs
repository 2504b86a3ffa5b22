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
    };

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
