using System.Text;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Storage;

/// <summary>Members of the occurrence sets are stored data: their form is fixed here, byte for byte.</summary>
public sealed class OccurrenceCodecTests
{
    public static TheoryData<decimal?, string?, bool, string> Forms => new()
    {
        { null, null, false, "e1" },
        { 12.50m, null, false, "e1\t12.50" },
        { -3m, null, false, "e1\t-3" },
        { null, "e0", false, "e1\t\te0" },
        { 4m, "e0", false, "e1\t4\te0" },
        { null, null, true, "e1\t\t\t{\"channel\":\"web\\tshop\",\"items\":2.5}" },
        { 0.0000000000000000000000000001m, "e0", true, "e1\t0.0000000000000000000000000001\te0\t{\"channel\":\"web\\tshop\",\"items\":2.5}" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_occurrence_has_one_form_and_comes_back_from_it(decimal? value, string? refunds, bool properties, string member)
    {
        var bag = properties ? PropertyBag.Of(("items", 2.50m), ("channel", "web\tshop")) : null;
        var e = new CustomerEvent("e1", "placed_order", "ada", 1_700_000_000_123, value, bag, refunds);
        Encoding.UTF8.GetString(OccurrenceCodec.Encode(e)).ShouldBe(member);
        var back = OccurrenceCodec.Decode(member, "placed_order", "ada", 1_700_000_000_123);
        (back with { Properties = null }).ShouldBe(e with { Properties = null });
        (back.Properties ?? PropertyBag.Empty).ShouldBe(bag ?? PropertyBag.Empty);
    }

    [Fact]
    public void Properties_of_every_kind_come_back()
    {
        var bag = PropertyBag.Of(
            ("text", "a\u2028\"\\\n\U0001F600"), ("empty", ""), ("number", -0.10m), ("large", 10_000_000_000_000_000_000m), ("yes", true), ("no", false),
            ("list", new[] { "a", "", "\t" }));
        OccurrenceCodec.DecodeProperties(OccurrenceCodec.EncodeProperties(bag)).ShouldBe(bag);
        OccurrenceCodec.DecodeProperties(OccurrenceCodec.EncodeProperties(PropertyBag.Empty)).ShouldBe(PropertyBag.Empty);
    }
}
