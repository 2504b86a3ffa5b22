using System.Globalization;
using System.Text;
using System.Text.Json;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests.Definitions;

/// <summary>A condition means here what it means in Klaviyo: imported, compiled and evaluated over small histories.</summary>
public sealed class KlaviyoSemanticsTests : IDisposable
{
    private const string Ever = """{"type":"date","operator":"alltime"}""";
    private const string Once = """{"type":"numeric","operator":"greater-than-or-equal","value":1}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"type":"date","operator":"in-the-last","unit":"day","quantity":30}""", "06-01", true)]
    [InlineData("""{"type":"date","operator":"in-the-last","unit":"day","quantity":30}""", "06-02", false)] // exactly 30 days later
    [InlineData("""{"type":"date","operator":"in-the-last","unit":"week","quantity":1}""", "05-09", true)]
    [InlineData("""{"type":"date","operator":"in-the-last","unit":"hour","quantity":24}""", "05-04", false)]
    [InlineData("""{"type":"date","operator":"at-least","unit":"day","quantity":30}""", "06-01", false)]
    [InlineData("""{"type":"date","operator":"at-least","unit":"day","quantity":30}""", "06-02", true)]
    [InlineData("""{"type":"date","operator":"between","unit":"day","start":10,"end":20}""", "05-12", false)]
    [InlineData("""{"type":"date","operator":"between","unit":"day","start":10,"end":20}""", "05-13", true)]
    [InlineData("""{"type":"date","operator":"between","unit":"day","start":20,"end":10}""", "05-22", true)]
    [InlineData("""{"type":"date","operator":"between","unit":"day","start":10,"end":20}""", "05-23", false)]
    [InlineData("""{"type":"date","operator":"before","date":"2026-05-03T00:00:00+00:00"}""", "05-04", false)]
    [InlineData("""{"type":"date","operator":"before","date":"2026-05-03T00:00:01+00:00"}""", "05-04", true)]
    [InlineData("""{"type":"date","operator":"after","date":"2026-05-02T23:59:59+00:00"}""", "05-04", true)]
    [InlineData("""{"type":"date","operator":"after","date":"2026-05-03T02:00:00+02:00"}""", "05-04", false)]
    [InlineData("""{"type":"date","operator":"between-static","start":"2026-05-03T00:00:00Z","end":"2026-05-04T00:00:00Z"}""", "05-05", true)]
    [InlineData("""{"type":"date","operator":"between-static","start":"2026-05-02T00:00:00Z","end":"2026-05-03T00:00:00Z"}""", "05-05", false)]
    [InlineData("""{"type":"date","operator":"alltime"}""", "12-31", true)]
    public async Task Timeframes_hold_an_order_of_the_third_of_May(string timeframe, string day, bool expected) =>
        await HoldsAsync(Metric(Once, timeframe), Customer("{}", "Placed Order 05-03 10"), day, expected);

    [Theory]
    [InlineData("count", "greater-than", 1, null, true)]
    [InlineData("count", "greater-than", 2, null, false)]
    [InlineData("count", "equals", 2, null, true)]
    [InlineData("count", "not-equals", 2, null, false)]
    [InlineData("count", "less-than-or-equal", 2, null, true)]
    [InlineData("count", "equals", 0, null, false)]
    [InlineData("count", "less-than", 1, null, false)]
    [InlineData("sum", "equals", 60, null, true)]
    [InlineData("sum", "less-than", 60, null, false)]
    [InlineData("count", "greater-than", 0, """{"property":"$value","filter":{"type":"numeric","operator":"greater-than","value":49}}""", true)]
    [InlineData("count", "greater-than", 0, """{"property":"$value","filter":{"type":"numeric","operator":"greater-than","value":50}}""", false)]
    [InlineData("count", "greater-than", 0, """{"property":"$value","filter":{"type":"numeric","operator":"less-than","value":11}}""", true)]
    [InlineData("count", "equals", 0, """{"property":"$value","filter":{"type":"numeric","operator":"less-than","value":10}}""", true)]
    [InlineData("count", "equals", 0, """{"property":"$value","filter":{"type":"numeric","operator":"less-than-or-equal","value":10}}""", false)]
    [InlineData("count", "equals", 1, """{"property":"Channel","filter":{"type":"string","operator":"equals","value":"web"}}""", true)]
    [InlineData("count", "equals", 1, """{"property":"Channel","filter":{"type":"string","operator":"not-equals","value":"web"}}""", true)]
    [InlineData("count", "equals", 1, """{"property":"Channel","filter":{"type":"string","operator":"not-contains","value":"eb"}}""", true)]
    [InlineData("count", "equals", 1, """{"property":"Channel","filter":{"type":"string","operator":"not-starts-with","value":"sh"}}""", true)]
    [InlineData("sum", "equals", 10, """{"property":"Channel","filter":{"type":"string","operator":"not-ends-with","value":"p"}}""", true)]
    [InlineData("sum", "equals", 50, """{"property":"Channel","filter":{"type":"string","operator":"nregex","value":"^w"}}""", true)]
    [InlineData("count", "equals", 0, """{"property":"Coupon","filter":{"type":"string","operator":"not-contains","value":"x"}}""", true)] // no coupon
    [InlineData("count", "equals", 1, """{"property":"Items","filter":{"type":"list","operator":"contains-any","value":["Hat","Tie"]}}""", true)]
    [InlineData("sum", "equals", 50, """{"property":"Items","filter":{"type":"list","operator":"not-contains-any","value":["Hat","Tie"]}}""", true)]
    [InlineData("count", "equals", 1, """{"property":"Items","filter":{"type":"list","operator":"length-greater-than","value":1}}""", true)]
    public async Task Measures_hold_two_orders(string measurement, string op, int value, string? filter, bool expected) => await HoldsAsync(
        Metric($$"""{"type":"numeric","operator":"{{op}}","value":{{value}}}""", Ever, measurement, filter),
        Customer("{}", """Placed Order 05-03 10 {"Channel":"web","Items":["Hat"]}""", """Placed Order 05-04 50 {"Channel":"shop","Items":["Shoe","Sock"]}"""),
        "06-01", expected);

    [Theory]
    [InlineData("""{"type":"string","operator":"equals","value":"red"}""", true, false, false)]
    [InlineData("""{"type":"string","operator":"not-equals","value":"red"}""", false, true, false)]
    [InlineData("""{"type":"string","operator":"contains","value":"ed"}""", true, false, false)]
    [InlineData("""{"type":"string","operator":"not-contains","value":"ed"}""", false, true, false)]
    [InlineData("""{"type":"string","operator":"not-starts-with","value":"re"}""", false, true, false)]
    [InlineData("""{"type":"string","operator":"not-ends-with","value":"en"}""", true, false, false)]
    [InlineData("""{"type":"string","operator":"regex","value":"^g"}""", false, true, false)]
    [InlineData("""{"type":"string","operator":"nregex","value":"^g"}""", true, false, false)]
    [InlineData("""{"type":"string","operator":"in","value":["red","blue"]}""", true, false, false)]
    [InlineData("""{"type":"string","operator":"not-in","value":["red","blue"]}""", false, true, false)]
    [InlineData("""{"type":"existence","operator":"is-set"}""", true, true, false)]
    [InlineData("""{"type":"existence","operator":"not-set"}""", false, false, true)]
    public async Task A_property_that_is_not_set_satisfies_no_text_filter(string filter, bool red, bool green, bool notSet)
    {
        string condition = $$"""{"type":"profile-property","property":"properties['Colour']","filter":{{filter}}}""";

        await HoldsAsync(condition, Customer("""{"Colour":"red"}"""), "06-01", red);
        await HoldsAsync(condition, Customer("""{"Colour":"green"}"""), "06-01", green);
        await HoldsAsync(condition, Customer("{}"), "06-01", notSet);
    }

    [Theory]
    [InlineData("""{"type":"numeric","operator":"equals","value":2.5}""", """{"P":2.5}""", true)]
    [InlineData("""{"type":"numeric","operator":"not-equals","value":2.5}""", """{"P":2}""", true)]
    [InlineData("""{"type":"numeric","operator":"not-equals","value":2.5}""", "{}", false)]
    [InlineData("""{"type":"numeric","operator":"less-than","value":2.5}""", """{"P":2}""", true)]
    [InlineData("""{"type":"boolean","operator":"equals","value":false}""", """{"P":false}""", true)]
    [InlineData("""{"type":"boolean","operator":"equals","value":false}""", "{}", false)]
    [InlineData("""{"type":"list","operator":"contains","value":"a"}""", """{"P":["a","b"]}""", true)]
    [InlineData("""{"type":"list","operator":"not-contains","value":"a"}""", """{"P":["b"]}""", true)]
    [InlineData("""{"type":"list","operator":"length-equals","value":2}""", """{"P":["a","b"]}""", true)]
    [InlineData("""{"type":"date","operator":"in-the-last","unit":"day","quantity":10}""", """{"P":"2026-05-23"}""", true)]
    [InlineData("""{"type":"date","operator":"in-the-last","unit":"day","quantity":10}""", """{"P":"2026-05-22"}""", false)]
    [InlineData("""{"type":"date","operator":"in-the-last","unit":"day","quantity":10}""", """{"P":"2026-06-02"}""", false)]
    [InlineData("""{"type":"date","operator":"in-the-next","unit":"day","quantity":10}""", """{"P":"2026-06-11"}""", true)]
    [InlineData("""{"type":"date","operator":"in-the-next","unit":"day","quantity":10}""", """{"P":"2026-06-01"}""", false)]
    [InlineData("""{"type":"date","operator":"at-least","unit":"day","quantity":10}""", """{"P":"2026-05-22"}""", true)]
    [InlineData("""{"type":"date","operator":"between","unit":"day","start":10,"end":20}""", """{"P":"2026-05-22"}""", true)]
    [InlineData("""{"type":"date","operator":"between","unit":"day","start":10,"end":20}""", """{"P":"2026-05-23"}""", false)]
    [InlineData("""{"type":"date","operator":"between","unit":"day","start":10,"end":20}""", """{"P":"2026-05-12"}""", false)]
    [InlineData("""{"type":"date","operator":"between-static","start":"2026-05-01T00:00:00Z","end":"2026-06-01T00:00:00Z"}""", """{"P":"2026-05-01"}""", true)]
    [InlineData("""{"type":"date","operator":"between-static","start":"2026-05-01T00:00:00Z","end":"2026-06-01T00:00:00Z"}""", """{"P":"2026-06-01"}""", false)]
    [InlineData("""{"type":"date","operator":"before","date":"2026-05-01T00:00:00Z"}""", """{"P":"2026-04-30"}""", true)]
    [InlineData("""{"type":"date","operator":"calendar-month","value":5}""", """{"P":"1980-05-31"}""", true)]
    [InlineData("""{"type":"date","operator":"anniversary"}""", """{"P":"1980-06-01"}""", true)]
    [InlineData("""{"type":"date","operator":"anniversary-next","unit":"day","quantity":7}""", """{"P":"1980-06-08"}""", true)]
    [InlineData("""{"type":"date","operator":"anniversary-next","unit":"day","quantity":7}""", """{"P":"1980-06-01"}""", false)] // today
    [InlineData("""{"type":"date","operator":"anniversary-next","unit":"day","quantity":7}""", """{"P":"1980-06-09"}""", false)]
    [InlineData("""{"type":"date","operator":"anniversary-last","unit":"week","quantity":1}""", """{"P":"1980-06-01"}""", true)] // today
    [InlineData("""{"type":"date","operator":"anniversary-last","unit":"week","quantity":1}""", """{"P":"1980-05-26"}""", true)]
    [InlineData("""{"type":"date","operator":"anniversary-last","unit":"week","quantity":1}""", """{"P":"1980-05-25"}""", false)]
    [InlineData("""{"type":"date","operator":"anniversary-month"}""", """{"P":"1980-06-30"}""", true)]
    [InlineData("""{"type":"date","operator":"anniversary-month"}""", """{"P":"1980-05-31"}""", false)]
    [InlineData("""{"type":"date","operator":"anniversary-month"}""", "{}", false)]
    public async Task Numbers_flags_lists_and_dates_of_a_profile_on_the_first_of_June(string filter, string properties, bool expected) => await HoldsAsync(
        $$"""{"type":"profile-property","property":"properties['P']","filter":{{filter}}}""", Customer(properties), "06-01", expected);

    [Theory]
    [InlineData("email", true, "any", "100010")]
    [InlineData("email", true, "subscribed", "100000")]
    [InlineData("email", true, "never_subscribed", "000010")]
    [InlineData("email", false, "any", "011101")]
    [InlineData("email", false, "unsubscribed", "001100")]
    [InlineData("email", false, "never_subscribed", "000001")]
    [InlineData("email", false, "subscribed", "010000")]
    [InlineData("sms", true, "subscribed", "100000")]
    [InlineData("sms", false, "any", "011111")]
    [InlineData("sms", false, "unsubscribed", "001100")]
    [InlineData("sms", false, "never_subscribed", "000011")]
    [InlineData("push", true, "any", "100000")]
    [InlineData("push", false, "any", "011111")]
    public async Task Consent_holds_for_subscribed_unsubscribed_and_never_each_without_and_with_suppression(
        string channel, bool canReceive, string subscription, string expected)
    {
        string condition = $$"""
            {"type":"profile-marketing-consent","consent":{"channel":"{{channel}}","can_receive_marketing":{{(canReceive ? "true" : "false")}},
             "consent_status":{"subscription":"{{subscription}}"} } }
            """;
        for (int i = 0; i < expected.Length; i++)
        {
            var facts = new List<(string, PropertyValue)>();
            if (i < 4)
                facts.Add(($"$consent.{channel}", PropertyValue.Of(i < 2 ? "subscribed" : "unsubscribed")));
            if (i % 2 == 1)
                facts.Add(($"$suppressed.{channel}", PropertyValue.Of(true)));
            var customer = new Profile("c-1") { Properties = PropertyBag.Of([.. facts]) };
            await HoldsAsync(condition, customer, "06-01", expected[i] == '1');
        }
    }

    [Theory]
    [InlineData("VIEW01,RKvL2u", null, true)]
    [InlineData("RKvL2u,VIEW01", null, false)]
    [InlineData("VIEW01,CART01,RKvL2u", "DAYS_3", true)]
    [InlineData("VIEW01,CART01,RKvL2u", "DAYS_1", false)]
    [InlineData("VIEW01,!CART01,RKvL2u", null, false)]
    [InlineData("CART01,!VIEW01", "DAYS_1", true)]
    [InlineData("CART01,!RKvL2u", "DAYS_5", false)]
    [InlineData("CART01", null, true)]
    public async Task Funnels_keep_their_order(string steps, string? window, bool expected)
    {
        IEnumerable<string> written = steps.Split(',').Select(step =>
            $$"""{"metric_exists":{{(step[0] == '!' ? "false" : "true")}},"metric_id":"{{step.TrimStart('!')}}"}""");
        string condition = $$"""
            {"type":"profile-metric-funnel","timeframe_filter":{"type":"date","operator":"in-the-last","unit":"day","quantity":30},
             "completion_window_seconds":{{(window is null ? "null" : $"\"{window}\"")}},"steps":[{{string.Join(',', written)}}]}
            """;

        await HoldsAsync(condition, Customer("{}", "Viewed Product 05-10", "Added to Cart 05-11", "Placed Order 05-12 10"), "06-01", expected);
    }

    [Theory]
    [InlineData("""{"type":"profile-group-membership","is_member":true,"group_ids":["LIST01","LIST02"]}""", "{}", false)]
    [InlineData("""{"type":"profile-group-membership","is_member":true,"group_ids":["LIST01","LIST02"]}""", """{"fair-2026":true}""", true)]
    [InlineData("""{"type":"profile-group-membership","is_member":false,"group_ids":["LIST01","LIST02"]}""", """{"fair-2026":true}""", false)]
    [InlineData("""{"type":"profile-group-membership","is_member":false,"group_ids":["LIST01","LIST02"]}""", "{}", true)]
    [InlineData("""{"type":"profile-region","in_region":true,"region":"european_union"}""", """{"country":"Germany"}""", true)]
    [InlineData("""{"type":"profile-region","in_region":true,"region":"european_union"}""", """{"country":"GB"}""", false)]
    [InlineData("""{"type":"profile-region","in_region":false,"region":"united_states"}""", """{"country":"United States"}""", false)]
    [InlineData("""{"type":"profile-region","in_region":false,"region":"united_states"}""", "{}", true)]
    [InlineData(Near, """{"latitude":42.4,"longitude":-71.1}""", true)]
    [InlineData(Near, """{"latitude":41,"longitude":-71.1}""", false)]
    [InlineData(Far, """{"latitude":41,"longitude":-71.1}""", true)]
    [InlineData(Far, """{"latitude":42.4,"longitude":-71.1}""", false)]
    [InlineData(Far, "{}", false)]
    [InlineData("""{"type":"profile-sample","percentage":100}""", "{}", true)]
    [InlineData("""{"type":"profile-predictive-analytics","dimension":"historic_number_of_orders","filter":{"type":"numeric","operator":"equals","value":0}}""", "{}", true)]
    public async Task Groups_places_samples_and_statistics(string condition, string properties, bool expected) =>
        await HoldsAsync(condition, Customer(properties), "06-01", expected);

    private const string Near = """{"type":"profile-postal-code-distance","country_code":"USA","postal_code":"02141","unit":"miles","filter":{"type":"numeric","operator":"less-than","value":10}}""";
    private const string Far = """{"type":"profile-postal-code-distance","country_code":"usa","postal_code":"02141","unit":"kilometers","filter":{"type":"numeric","operator":"greater-than","value":100}}""";

    // Three properties say which of the conditions hold; the fourth condition is one that is itself an and with a negation.
    [Fact]
    public async Task Groups_are_and_and_their_conditions_or_in_every_combination()
    {
        static string Is(string property) =>
            $$"""{"type":"profile-property","property":"properties['{{property}}']","filter":{"type":"boolean","operator":"equals","value":true} }""";
        const string birthday = """{"type":"profile-property","property":"properties['born']","filter":{"type":"date","operator":"anniversary-next","unit":"day","quantity":7}}""";
        string definition =
            $$"""{"condition_groups":[{"conditions":[{{Is("a")}},{{birthday}}]},{"conditions":[{{Is("b")}},{{Is("c")}},{{birthday}}]}]}""";
        for (int bits = 0; bits < 16; bits++)
        {
            (bool a, bool b, bool c, bool born) = ((bits & 1) > 0, (bits & 2) > 0, (bits & 4) > 0, (bits & 8) > 0);
            Profile customer = Customer($$"""{"a":{{Json(a)}},"b":{{Json(b)}},"c":{{Json(c)}},"born":"1980-06-0{{(born ? 3 : 1)}}"}""");
            await DefinitionHoldsAsync(definition, customer, "06-01", (a || born) && (b || c || born));
        }
        static string Json(bool value) => value ? "true" : "false";
    }

    private static string Metric(string measure, string timeframe, string measurement = "count", string? filter = null) => $$"""
        {"type":"profile-metric","metric_id":"RKvL2u","measurement":"{{measurement}}","measurement_filter":{{measure}},"timeframe_filter":{{timeframe}},
         "metric_filters":[{{filter}}]}
        """;

    private Task HoldsAsync(string condition, Profile customer, string day, bool expected) =>
        DefinitionHoldsAsync($$"""{"condition_groups":[{"conditions":[{{condition}}]}]}""", customer, day, expected);

    private async Task DefinitionHoldsAsync(string definition, Profile customer, string day, bool expected)
    {
        CliRun run = await KlaviyoFixtures.ImportAsync(_folder.Write("definition.json", definition), "--name", "it");
        run.Code.ShouldBe(0, run.ToString());

        ImportedWorkspace.Holds(run.Out, "it", customer, At(day)).ShouldBe(expected, run.Out);
    }

    private static Profile Customer(string properties, params string[] events)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(properties));
        reader.Read();
        var profile = new Profile("c-1") { Properties = PropertyBag.ReadJson(ref reader) };
        foreach (string written in events)
            profile.Add(Event(written, profile.Count));
        return profile;
    }

    // Name, day, and perhaps a value and properties.
    private static CustomerEvent Event(string written, int number)
    {
        int properties = written.IndexOf('{');
        string[] words = (properties < 0 ? written : written[..properties]).Trim().Split(' ');
        int day = Array.FindIndex(words, word => word.Contains('-'));
        PropertyBag? bag = null;
        if (properties >= 0)
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(written[properties..]));
            reader.Read();
            bag = PropertyBag.ReadJson(ref reader);
        }
        decimal? value = day + 1 < words.Length ? decimal.Parse(words[day + 1], CultureInfo.InvariantCulture) : null;
        return new CustomerEvent($"e-{number}", string.Join(' ', words[..day]), "c-1", At(words[day]), value, bag);
    }

    private static long At(string day) => DateTimeOffset.Parse($"2026-{day}T00:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
