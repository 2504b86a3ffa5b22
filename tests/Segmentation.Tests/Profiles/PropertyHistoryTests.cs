using System.Buffers;
using System.Text;
using System.Text.Json;
using Segmentation.Tests.Oracle;

namespace Segmentation.Tests.Profiles;

/// <summary>What a profile remembers of its former properties.</summary>
public sealed class PropertyHistoryTests
{
    private static readonly PropertyPredicate IsPro = new("plan", PropertyOperator.Eq, ["pro"]);
    private static readonly PropertyPredicate IsNotPro = new("plan", PropertyOperator.Ne, ["pro"], OnMissing.Include);
    private static readonly PropertyPredicate IsSubscribed = new(ProfileFacts.Consent("email"), PropertyOperator.Eq, [ProfileFacts.Subscribed]);

    [Fact]
    public void A_property_has_held_since_it_became_so()
    {
        var profile = new Profile("ada");
        profile.ChangeProperties(PropertyBag.Of(("plan", "free"), ("visits", 1)), 100);
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro"), ("visits", 2)), 200);
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro"), ("visits", 3)), 300);

        profile.HeldSinceMs(IsPro).ShouldBe(200);
        profile.HeldSinceMs(IsNotPro).ShouldBeNull();
        profile.HeldSinceMs(new PropertyPredicate("visits", PropertyOperator.Gte, [2])).ShouldBe(200);
        profile.HeldSinceMs(new PropertyPredicate("visits", PropertyOperator.Exists, [true])).ShouldBe(100);
        profile.HeldSinceMs(new PropertyPredicate("visits", PropertyOperator.Ne, [9], OnMissing.Include)).ShouldBe(long.MinValue);
        profile.HeldSinceMs(new PropertyPredicate("never", PropertyOperator.Exists, [false])).ShouldBe(long.MinValue);
    }

    [Fact]
    public void Removal_and_return_are_changes_and_a_break_begins_anew()
    {
        var profile = new Profile("ada");
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro")), 100);
        profile.ChangeProperties(PropertyBag.Empty, 200);
        profile.HeldSinceMs(IsNotPro).ShouldBe(200);
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro")), 300);
        profile.HeldSinceMs(IsPro).ShouldBe(300);
    }

    [Fact]
    public void Without_a_known_change_the_present_value_was_always_there()
    {
        var profile = new Profile("ada") { Properties = PropertyBag.Of(("plan", "pro")) };

        profile.HeldSinceMs(IsPro).ShouldBe(long.MinValue);
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro")), 100).ShouldBeFalse("nothing changed");
        profile.PropertyHistory.ShouldBeNull();
    }

    [Fact]
    public void A_value_that_lasted_no_time_was_never_there()
    {
        var profile = new Profile("ada") { Properties = PropertyBag.Of(("plan", "pro")) };
        profile.ChangeProperties(PropertyBag.Of(("plan", "free")), 100);
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro")), 100);

        profile.HeldSinceMs(IsPro).ShouldBe(long.MinValue);
    }

    [Fact]
    public void A_change_of_a_clock_that_lags_counts_from_the_one_before()
    {
        var profile = new Profile("ada");
        profile.ChangeProperties(PropertyBag.Of(("plan", "free")), 100);
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro")), 90);

        profile.Properties.Find("plan").ShouldBe("pro");
        profile.HeldSinceMs(IsPro).ShouldBe(100);
    }

    [Fact]
    public void The_latest_16_changes_are_remembered_and_the_value_before_them_for_ever()
    {
        var profile = new Profile("ada");
        for (var i = 0; i <= 20; i++)
            profile.ChangeProperties(PropertyBag.Of(("visits", i), ("country", "DE")), i);

        profile.PropertyHistory!.Changes.Count(change => change.Name == "visits").ShouldBe(16);
        profile.PropertyHistory.Changes.Count(change => change.Name == "country").ShouldBe(1);
        profile.HeldSinceMs(new PropertyPredicate("visits", PropertyOperator.Gte, [5])).ShouldBe(5);
        profile.HeldSinceMs(new PropertyPredicate("visits", PropertyOperator.Gte, [4])).ShouldBe(long.MinValue);
        profile.HeldSinceMs(new PropertyPredicate("visits", PropertyOperator.Gte, [3])).ShouldBe(long.MinValue, "0 to 3 are forgotten");
    }

    [Fact]
    public void What_is_remembered_in_all_is_bounded_and_the_oldest_goes_first()
    {
        var profile = new Profile("ada");
        var text = new string('x', 1000);
        for (var i = 0; i < 200; i++)
            profile.ChangeProperties(PropertyBag.Of(($"p{i}", text)), i);

        profile.PropertyHistory!.Characters.ShouldBeInRange(PropertyHistory.MaxCharacters - 1100, PropertyHistory.MaxCharacters);
        profile.PropertyHistory.Changes[^1].ShouldBe(new PropertyChange(199, "p199", null));
        profile.PropertyHistory.Changes.ShouldNotContain(change => change.AtMs == 0);
    }

    [Fact]
    public void A_statement_that_comes_late_lands_where_it_belongs()
    {
        var profile = new Profile("ada");
        State(profile, ProfileFacts.Unsubscribed, 300);
        State(profile, ProfileFacts.Subscribed, 100);
        profile.HeldSinceMs(IsSubscribed).ShouldBeNull("it was withdrawn later");

        State(profile, ProfileFacts.Subscribed, 200);
        State(profile, ProfileFacts.Subscribed, 300);
        profile.HeldSinceMs(IsSubscribed).ShouldBe(100, "what was stated last for the same instant is what holds");
    }

    [Fact]
    public void The_present_value_is_that_of_the_latest_instant_stated_even_when_it_was_stated_again_only()
    {
        var profile = new Profile("ada");
        State(profile, ProfileFacts.Subscribed, 100);
        State(profile, ProfileFacts.Subscribed, 200);
        State(profile, ProfileFacts.Subscribed, 300);
        profile.HeldSinceMs(IsSubscribed).ShouldBe(100);

        State(profile, ProfileFacts.Unsubscribed, 250);
        profile.HeldSinceMs(IsSubscribed).ShouldBe(300);

        for (var at = 400; at < 500; at++)
            State(profile, ProfileFacts.Subscribed, at);
        profile.HeldSinceMs(IsSubscribed).ShouldBe(300, "stating the same a hundred times forgets nothing");
        profile.PropertyHistory!.Changes.Count.ShouldBe(PropertyHistory.MaxPerProperty);
    }

    [Fact]
    public void Statements_give_the_same_history_in_whatever_order_they_come()
    {
        (string Status, long AtMs)[] statements =
            [(ProfileFacts.Subscribed, 100), (ProfileFacts.Unsubscribed, 200), (ProfileFacts.Subscribed, 300), (ProfileFacts.Subscribed, 400)];
        foreach (var order in (int[][])[[0, 1, 2, 3], [3, 2, 1, 0], [0, 3, 2, 1], [2, 0, 3, 1], [1, 3, 0, 2]])
        {
            var profile = new Profile("ada");
            foreach (var i in order)
                State(profile, statements[i].Status, statements[i].AtMs);
            profile.HeldSinceMs(IsSubscribed).ShouldBe(300, string.Join(", ", order));
        }
    }

    [Fact]
    public void A_statement_without_an_instant_comes_after_every_other()
    {
        var profile = new Profile("ada");
        profile.State(new FactStatement(IsSubscribed.Name, ProfileFacts.Subscribed, 300), 300);
        profile.State(new FactStatement(IsSubscribed.Name, ProfileFacts.Unsubscribed, null), 290);

        profile.Properties.Find(IsSubscribed.Name).ShouldBe(ProfileFacts.Unsubscribed);
    }

    [Fact]
    public void A_fact_that_is_forgotten_was_never_recorded()
    {
        var profile = new Profile("ada");
        State(profile, ProfileFacts.Subscribed, 300);
        profile.State(new FactStatement(IsSubscribed.Name, null, null), 400);
        profile.Properties.ShouldBeEmpty();
        profile.PropertyHistory!.Changes.ShouldBeEmpty();
        profile.PropertyHistory.Characters.ShouldBe(0);

        State(profile, ProfileFacts.Subscribed, 200);
        profile.HeldSinceMs(IsSubscribed).ShouldBe(200);
    }

    [Fact]
    public void Facts_have_room_beside_the_most_properties_and_are_bounded_themselves()
    {
        var profile = new Profile("ada");
        profile.ChangeProperties(PropertyBag.Of(Enumerable.Range(0, PropertyBag.MaxCount).Select(i => KeyValuePair.Create($"p{i}", PropertyValue.Of(i)))), 1);
        for (var i = 0; i < 100; i++)
        {
            profile.State(new FactStatement(ProfileFacts.Consent($"channel-{i}"), ProfileFacts.Subscribed, null), 2);
            profile.State(new FactStatement(ProfileFacts.Suppression($"channel-{i}"), true, null), 2);
        }

        profile.Properties.Count.ShouldBe(PropertyBag.MaxCountWithFacts);
        profile.Properties.ContainsName(ProfileFacts.Suppression("channel-31")).ShouldBeTrue();
        profile.Properties.ContainsName(ProfileFacts.Suppression("channel-32")).ShouldBeFalse();
    }

    [Fact]
    public void Random_statements_give_what_a_list_of_all_of_them_gives()
    {
        foreach (var seed in Seeds.Take(1, 1000))
        {
            var random = new Random(seed);
            var profile = new Profile("ada");
            var stated = new SortedDictionary<long, string>();
            for (var i = 0; i < 12; i++)
            {
                var (at, value) = (random.Next(1, 30), random.Next(2) == 0 ? ProfileFacts.Subscribed : ProfileFacts.Unsubscribed);
                stated[at] = value;
                State(profile, value, at);
                profile.Properties.Find(IsSubscribed.Name).ShouldBe(stated.Last().Value, $"SEED={seed} statement {i}");
            }

            var because = $"SEED={seed}";
            profile.PropertyHistory!.Changes.Select(change => change.AtMs).ShouldBeInOrder();
            profile.PropertyHistory.Characters.ShouldBe(PropertyHistoryJson.Read(Json(profile.PropertyHistory)).Characters, because);
            Encoding.UTF8.GetString(Json(PropertyHistoryJson.Read(Json(profile.PropertyHistory)))).ShouldBe(Encoding.UTF8.GetString(Json(profile.PropertyHistory)), because);
        }
    }

    [Fact]
    public void Statements_of_one_profile_made_of_another_tell_what_all_of_them_would_have_told()
    {
        foreach (var seed in Seeds.Take(1, 300))
        {
            var random = new Random(seed);
            var (all, one, other) = (new Profile("all"), new Profile("one"), new Profile("other"));
            var instants = Enumerable.Range(1, 14).ToArray();
            random.Shuffle(instants);
            foreach (var at in instants)
            {
                var value = random.Next(2) == 0 ? ProfileFacts.Subscribed : ProfileFacts.Unsubscribed;
                State(all, value, at);
                State(random.Next(2) == 0 ? one : other, value, at);
            }

            foreach (var statement in one.FactStatements())
                other.State(statement, 1_000_000);
            other.Properties.ShouldBe(all.Properties, $"SEED={seed}");
            Encoding.UTF8.GetString(Json(other.PropertyHistory!)).ShouldBe(Encoding.UTF8.GetString(Json(all.PropertyHistory!)), $"SEED={seed}");
        }
    }

    [Fact]
    public void Random_changes_hold_since_a_scan_of_all_of_them_says()
    {
        foreach (var seed in Seeds.Take(1, 1000))
        {
            var random = new Random(seed);
            var profile = new Profile("ada");
            var values = new List<(long At, string? Plan)> { (long.MinValue, null) };
            var at = 0L;
            for (var i = 0; i < 16; i++)
            {
                at += random.Next(3);
                var plan = random.Next(4) switch { 0 => "free", 1 => null, _ => "pro" };
                profile.ChangeProperties(plan is null ? PropertyBag.Empty : PropertyBag.Of(("plan", plan)), at);
                values.RemoveAll(value => value.At == at);
                values.Add((at, plan));
            }

            foreach (var predicate in (PropertyPredicate[])[IsPro, IsNotPro])
            {
                long? expected = null;
                foreach (var (changedAt, plan) in values)
                    expected = predicate.Holds(plan is null ? default(PropertyValue?) : PropertyValue.Of(plan)) ? expected ?? changedAt : null;
                profile.HeldSinceMs(predicate).ShouldBe(expected, $"SEED={seed}");
            }
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("[[1]]")]
    [InlineData("[[\"1\",{}]]")]
    [InlineData("[[1,{\"a\":{}}]]")]
    [InlineData("[[1,{\"a\":1}]")]
    [InlineData("[[1,{\"a\":1},2]]")]
    public void Anything_else_is_no_history(string json) => Should.Throw<JsonException>(() => PropertyHistoryJson.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void It_is_written_by_instant()
    {
        var profile = new Profile("ada");
        profile.ChangeProperties(PropertyBag.Of(("plan", "free"), ("tags", (string[])["a", "b"])), 100);
        profile.ChangeProperties(PropertyBag.Of(("plan", "pro"), ("age", 4.50m)), 200);
        profile.ChangeProperties(PropertyBag.Empty, 300);

        Encoding.UTF8.GetString(Json(profile.PropertyHistory!)).ShouldBe(
            """[[100,{"plan":null,"tags":null}],[200,{"age":null,"plan":"free","tags":["a","b"]}],[300,{"age":4.5,"plan":"pro"}]]""");
    }

    private static void State(Profile profile, string status, long sinceMs) =>
        profile.State(new FactStatement(IsSubscribed.Name, status, sinceMs), 1_000_000);

    private static byte[] Json(PropertyHistory history)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            PropertyHistoryJson.Write(writer, history);
        return buffer.WrittenSpan.ToArray();
    }
}
