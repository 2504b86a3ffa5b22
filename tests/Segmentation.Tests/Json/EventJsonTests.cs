using System.Text;
using System.Text.Json;

namespace Segmentation.Tests.Json;

public sealed class EventJsonTests
{
    private const string Whole =
        """{"id":"1","name":"placed_order","profileId":"ada","occurredAt":"2011-06-01T12:34:56Z","value":12.34,"properties":{"country":"Germany"},"refunds":"0"}""";

    [Fact]
    public void Reads_every_field()
    {
        var e = Accept(Whole);

        e.ShouldBe(new CustomerEvent("1", "placed_order", "ada", 1_306_931_696_000, 12.34m, PropertyBag.Of(("country", "Germany")), "0"));
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var e = Accept(Whole);

        Write(e).ShouldBe(Whole);
        Accept(Write(e with { Value = null, Properties = null, Refunds = null }))
            .ShouldBe(e with { Value = null, Properties = null, Refunds = null });
    }

    [Theory]
    [InlineData("12.34", "12.34")]
    [InlineData("1.5e3", "1500")]
    [InlineData("1E-2", "0.01")]
    [InlineData("0.1", "0.1")]
    [InlineData("-5", "-5")]
    [InlineData("1e12", "1000000000000")]
    [InlineData("0.30000000000000004", "0.30000000000000004")]
    [InlineData("1.00000000000000000000000000000000", "1")]
    [InlineData("0e99999999", "0")]
    [InlineData("null", null)]
    public void Values_are_exact_decimals(string json, string? value) =>
        Accept(With("value", json)).Value.ShouldBe(value is null ? null : decimal.Parse(value));

    [Theory]
    [InlineData("\"id\":\"1\"", "", "id: is missing; give every event an id that is unique in the workspace")]
    [InlineData("\"name\":\"placed_order\"", "", "name: is missing; say what happened, like \"placed_order\"")]
    [InlineData("\"profileId\":\"ada\"", "\"profileId\":null", "profileId: is missing; say who did it")]
    [InlineData("\"occurredAt\":\"2011-06-01T12:34:56Z\"", "", "occurredAt: is missing; write it like 2026-01-31T09:30:00Z")]
    [InlineData("\"id\":\"1\"", "\"id\":\"\"", "id: is empty; it must have 1 to 256 characters")]
    [InlineData("\"id\":\"1\"", "\"id\":17", "id: is not a text; put it in quotes")]
    [InlineData("\"id\":\"1\"", "\"id\":\"0\"", "refunds: is the event's own id; give the id of the event that is taken back")]
    [InlineData("\"id\":\"1\"", "\"id\":\"1\",\"id\":\"1\"", "id: is there twice; keep one")]
    [InlineData("\"id\":\"1\"", "\"id\":\"a\\nb\"", "id: has a control character, such as a line break; remove it")]
    [InlineData("\"id\":\"1\"", "\"id\":\"\\udc00\"", "id: is not Unicode text; send UTF-8")]
    [InlineData("12.34", "\"12.34\"", "value: is not a number; write it without quotes and with a decimal point, like 12.34")]
    [InlineData("12.34", "NaN", "event: is not valid JSON at byte 95; send one complete JSON object")]
    [InlineData("12.34", "1e13", "value: 1e13 lies outside ±1000000000000; check its unit")]
    [InlineData("12.34", "1e999", "value: 1e999 has more than 28 digits; round it")]
    [InlineData("12.34", "1e-29", "value: 1e-29 has more than 28 digits; round it")]
    [InlineData("12.34", "123456789012.34567890123456789", "value: 123456789012.34567890123456789 has more than 28 digits; round it")]
    [InlineData("12.34", "1.0000000000000000000000000001234", "value: 1.0000000000000000000000000001234 has more than 28 digits; round it")]
    [InlineData("{\"country\":\"Germany\"}", "{\"country\":{}}",
        "properties: country is an object; a property is a text, a number, true, false or a list of texts: flatten it, like \"country_city\"")]
    [InlineData("{\"country\":\"Germany\"}", "7", "properties: is not an object; write it like {\"country\": \"Germany\"}")]
    [InlineData("2011-06-01T12:34:56Z", "yesterday", "occurredAt: \"yesterday\" is not RFC 3339; write it like 2026-01-31T09:30:00Z")]
    [InlineData("2011-06-01T12:34:56Z", "2201-01-01T00:00:00Z",
        "occurredAt: \"2201-01-01T00:00:00Z\" lies outside the years 1970 to 2200; check the producer's clock and format")]
    [InlineData("\"2011-06-01T12:34:56Z\"", "1306931696", "occurredAt: 1306931696 is not a text; write it like 2026-01-31T09:30:00Z")]
    public void A_bad_field_is_named_with_its_cure(string part, string instead, string message) =>
        Refuse(Whole.Replace(part, instead).Replace("{,", "{").Replace(",,", ",")).ToString().ShouldBe(message);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"id\":\"1\"")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("not json")]
    public void What_is_no_object_is_refused(string json) => Refuse(json).ShouldNotBe(default);

    [Fact]
    public void Text_after_the_object_is_refused() =>
        Refuse(Whole + "x").ToString().ShouldStartWith("event: is not valid JSON at byte");

    [Fact]
    public void Broken_utf8_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Whole);
        bytes[Whole.IndexOf("ada", StringComparison.Ordinal)] = 0xff;

        EventJson.TryRead(bytes, EventLimits.None, out _, out var error, out _).ShouldBeFalse();
        error.Field.ShouldBe("profileId");
    }

    [Fact]
    public void An_event_later_than_the_limit_is_refused_and_one_at_the_limit_is_not()
    {
        var limits = new EventLimits(1_306_931_696_000);

        EventJson.TryRead(Encoding.UTF8.GetBytes(Whole), limits, out _, out _, out _).ShouldBeTrue();
        EventJson.TryRead(Encoding.UTF8.GetBytes(With("occurredAt", "\"2011-06-01T12:34:56.001Z\"")), limits, out _, out var error, out _).ShouldBeFalse();
        error.ToString().ShouldBe(
            "occurredAt: \"2011-06-01T12:34:56.001Z\" lies in the future; the latest accepted now is 2011-06-01T12:34:56Z: check the producer's clock and time zone");
    }

    [Fact]
    public void Unknown_fields_are_ignored_and_counted()
    {
        var json = Whole[..^1] + ""","source":"till","nested":{"id":"2","x":[1,{}]}}""";

        EventJson.TryRead(Encoding.UTF8.GetBytes(json), EventLimits.None, out var e, out _, out var ignored).ShouldBeTrue();
        ignored.ShouldBe(2);
        e.ShouldBe(Accept(Whole));
    }

    [Theory]
    [InlineData("id", 256)]
    [InlineData("profileId", 256)]
    [InlineData("refunds", 256)]
    [InlineData("name", 128)]
    public void Texts_are_as_long_as_their_limit_and_no_longer(string field, int longest)
    {
        Accept(With(field, $"\"{new string('é', longest)}\""));
        Refuse(With(field, $"\"{new string('é', longest + 1)}\"")).ToString()
            .ShouldBe($"{field}: has {longest + 1} characters; at most {longest} are allowed");
    }

    [Fact]
    public void A_malformed_time_is_echoed_in_part_only()
    {
        Refuse(With("occurredAt", $"\"{new string('9', 500)}\"")).Message.ShouldStartWith($"\"{new string('9', 40)}…\" is not RFC 3339");
    }

    [Fact]
    public void Errors_do_not_tell_who_it_was_nor_what_the_properties_say()
    {
        var bad = With("profileId", "\"secret-person\\u0007\"").Replace("Germany", "secret-value");
        Refuse(bad).ToString().ShouldNotContain("secret");
        Refuse(With("properties", "{\"p\":[\"secret\",{}]}")).ToString().ShouldNotContain("secret");
        Refuse(With("profileId", "secret-person")).ToString().ShouldNotContain("secret");
    }

    private static string With(string field, string json)
    {
        var fields = JsonDocument.Parse(Whole).RootElement.EnumerateObject()
            .Select(p => $"\"{p.Name}\":{(p.Name == field ? json : p.Value.GetRawText())}");
        return "{" + string.Join(",", fields) + "}";
    }

    private static CustomerEvent Accept(string json)
    {
        EventJson.TryRead(Encoding.UTF8.GetBytes(json), EventLimits.None, out var e, out var error, out var ignored).ShouldBeTrue(error.ToString());
        ignored.ShouldBe(0);
        return e!;
    }

    private static EventError Refuse(string json)
    {
        EventJson.TryRead(Encoding.UTF8.GetBytes(json), EventLimits.None, out var e, out var error, out _).ShouldBeFalse();
        e.ShouldBeNull();
        return error;
    }

    private static string Write(CustomerEvent e)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            EventJson.Write(writer, e);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
