namespace Segmentation.Tests.Json;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("2011-06-01T12:34:56Z", 1_306_931_696_000)]
    [InlineData("2011-06-01t12:34:56z", 1_306_931_696_000)]
    [InlineData("2011-06-01T14:34:56+02:00", 1_306_931_696_000)]
    [InlineData("2011-06-01T07:04:56-05:30", 1_306_931_696_000)]
    [InlineData("2011-06-01T12:34:56.1Z", 1_306_931_696_100)]
    [InlineData("2011-06-01T12:34:56.999999999Z", 1_306_931_696_999)]
    [InlineData("2024-02-29T00:00:00Z", 1_709_164_800_000)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    [InlineData("0001-01-01T00:00:00Z", Rfc3339.EarliestMs)]
    [InlineData("9999-12-31T23:59:59.999Z", Rfc3339.LatestMs)]
    public void Reads_instants_with_an_offset(string text, long ms)
    {
        Rfc3339.TryParse(text, out var read).ShouldBeTrue();
        read.ShouldBe(ms);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2011-06-01")]
    [InlineData("2011-06-01T12:34:56")]
    [InlineData("2011-06-01 12:34:56Z")]
    [InlineData("2011-06-01T12:34Z")]
    [InlineData("2011-06-01T12:34:56.Z")]
    [InlineData("2011-06-01T12:34:56+0200")]
    [InlineData("2011-06-01T12:34:56+24:00")]
    [InlineData("2011-06-01T12:34:56Zulu")]
    [InlineData("2011-02-29T12:34:56Z")]
    [InlineData("2011-13-01T12:34:56Z")]
    [InlineData("2011-06-00T12:34:56Z")]
    [InlineData("0000-06-01T12:34:56Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("2011-06-01T24:00:00Z")]
    [InlineData("2011-06-01T12:60:00Z")]
    [InlineData("2011-06-01T12:34:60Z")]
    [InlineData("２011-06-01T12:34:56Z")]
    public void Refuses_everything_else(string text) => Rfc3339.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("2026-03-01", true)]
    [InlineData("2024-02-29", true)]
    [InlineData("2026-02-29", false)]
    [InlineData("0000-01-01", false)]
    [InlineData("2026-3-01", false)]
    [InlineData("2026-03-01Z", false)]
    [InlineData("２026-03-01", false)]
    [InlineData("", false)]
    public void A_day_has_four_two_and_two_digits(string text, bool isDay)
    {
        Rfc3339.TryParseDay(text, out var year, out var month, out var day).ShouldBe(isDay);
        if (isDay)
            $"{year:0000}-{month:00}-{day:00}".ShouldBe(text);
    }

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1_306_931_696_120, "2011-06-01T12:34:56.120Z")]
    [InlineData(EventJson.LatestOccurredAtMs, "2200-12-31T23:59:59.999Z")]
    public void Writes_what_it_reads(long ms, string text)
    {
        Rfc3339.Format(ms).ShouldBe(text);
        Rfc3339.TryParse(text, out var read).ShouldBeTrue();
        read.ShouldBe(ms);
    }

    [Fact]
    public void Agrees_with_the_framework_over_two_centuries()
    {
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++)
        {
            var ms = random.NextInt64(EventJson.LatestOccurredAtMs);
            var text = DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(TimeSpan.FromMinutes(random.Next(-840, 840))).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz");

            Rfc3339.TryParse(text, out var read).ShouldBeTrue(text);
            read.ShouldBe(ms, text);
        }
    }
}
