using System.Text;
using System.Text.Json;

namespace Segmentation.Tests.Profiles;

public sealed class PropertyBagTests
{
    [Fact]
    public void Equal_bags_give_equal_bytes_whatever_the_order_and_the_zeros()
    {
        var first = Read("""{"b":1.500,"a":"x","d":["2","1"],"c":true,"e":null,"f":-0.0}""");
        var second = Read("""{"f":0,"d":["2","1"],"c":true,"a":"\u0078","b":15e-1}""");

        first.ShouldBe(second);
        first.GetHashCode().ShouldBe(second.GetHashCode());
        Write(first).ShouldBe("""{"a":"x","b":1.5,"c":true,"d":["2","1"],"f":0}""");
        Write(second).ShouldBe(Write(first));
    }

    [Theory]
    [InlineData("""{"a":"1"}""", """{"a":1}""")]
    [InlineData("""{"a":"1"}""", """{"a":["1"]}""")]
    [InlineData("""{"a":["1","2"]}""", """{"a":["2","1"]}""")]
    [InlineData("""{"a":true}""", """{"a":1}""")]
    [InlineData("""{"a":"x"}""", """{"A":"x"}""")]
    [InlineData("""{"a":"x"}""", """{}""")]
    public void Bags_that_differ_in_kind_name_order_or_content_are_not_equal(string first, string second) =>
        Read(first).ShouldNotBe(Read(second));

    [Fact]
    public void What_is_written_reads_back()
    {
        var bag = PropertyBag.Of(("name", "Zoë \"z\""), ("big", 1e19m), ("small", 0.0000000000000000000000000001m), ("list", Array.Empty<string>()), ("no", false));

        Read(Write(bag)).ShouldBe(bag);
    }

    [Fact]
    public void Null_is_absent()
    {
        var bag = Read("""{"a":null}""");

        bag.ShouldBe(PropertyBag.Empty);
        bag.TryGetValue("a", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"address":{"city":"Bonn"}}""", "address is an object")]
    [InlineData("""{"tags":["a",1]}""", "tags is a list with something else than texts")]
    [InlineData("""{"a":1,"a":2}""", "a is there twice")]
    [InlineData("""{"a":null,"a":2}""", "a is there twice")]
    [InlineData("""{"n":1e20}""", "n is a number outside")]
    [InlineData("""{"n":0.12345678901234567890123456789}""", "n is a number outside ±1e19 or with more than 28 digits")]
    [InlineData("""{"":1}""", "has a name of 0 characters")]
    [InlineData("""{"a":"\ud800"}""", "a is not Unicode text")]
    [InlineData("""[]""", "is not an object")]
    public void Bad_properties_are_refused_by_name(string json, string message) =>
        Should.Throw<JsonException>(() => Read(json)).Message.ShouldStartWith(message);

    [Fact]
    public void Limits_hold_at_their_edges()
    {
        Read(Many(64)).Count.ShouldBe(64);
        Should.Throw<JsonException>(() => Read(Many(65))).Message.ShouldContain("more than 64 properties");
        Read($$"""{"{{new string('n', 128)}}":1}""").Count.ShouldBe(1);
        Should.Throw<JsonException>(() => Read($$"""{"{{new string('n', 129)}}":1}""")).Message.ShouldContain("1 to 128");
        Read($$"""{"t":"{{new string('t', 1024)}}"}""").Count.ShouldBe(1);
        Should.Throw<JsonException>(() => Read($$"""{"t":"{{new string('t', 1025)}}"}""")).Message.ShouldContain("t has 1025 characters");
        Read(List(100)).Count.ShouldBe(1);
        Should.Throw<JsonException>(() => Read(List(101))).Message.ShouldContain("more than 100 elements");

        static string Many(int count) => "{" + string.Join(",", Enumerable.Range(0, count).Select(static i => $"\"p{i}\":1")) + "}";
        static string List(int count) => "{\"l\":[" + string.Join(",", Enumerable.Repeat("\"x\"", count)) + "]}";
    }

    [Fact]
    public void Only_the_wanted_properties_are_kept()
    {
        var bag = PropertyBag.Of(("a", 1), ("b", 2), ("c", 3));

        bag.Only(new HashSet<string> { "c", "a", "x" }).ShouldBe(PropertyBag.Of(("a", 1), ("c", 3)));
        bag.Only(new HashSet<string> { "x" }).ShouldBeSameAs(PropertyBag.Empty);
        bag.Only(new HashSet<string> { "a", "b", "c" }).ShouldBeSameAs(bag);
    }

    [Fact]
    public void A_value_of_another_kind_is_not_handed_out()
    {
        PropertyValue text = "5";

        Should.Throw<InvalidOperationException>(() => text.Number).Message.ShouldBe("The property is of kind Text, not Number.");
        default(PropertyValue).Text.ShouldBe("");
    }

    private static PropertyBag Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return PropertyBag.ReadJson(ref reader);
    }

    private static string Write(PropertyBag bag)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            bag.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
