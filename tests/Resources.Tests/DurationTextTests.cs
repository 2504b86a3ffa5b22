using System.Text.RegularExpressions;
using Segmentation.Resources;

namespace Resources.Tests;

public class DurationTextTests
{
    [Theory]
    [InlineData("365d", 365L * 86_400_000)]
    [InlineData("2w", 14L * 86_400_000)]
    [InlineData("36h", 36L * 3_600_000)]
    [InlineData("15m", 900_000)]
    [InlineData("30s", 30_000)]
    [InlineData("250ms", 250)]
    [InlineData("1d12h", 36L * 3_600_000)]
    [InlineData("1w1d1h1m1s1ms", 604_800_000L + 86_400_000 + 3_600_000 + 60_000 + 1000 + 1)]
    [InlineData("3660d", DurationText.MaxMs)]
    public void Durations_are_whole_numbers_with_units(string text, long expectedMs)
    {
        DurationText.TryParse(text, out var ms, out _).ShouldBeTrue();
        ms.ShouldBe(expectedMs);
        Regex.IsMatch(text, DurationText.Pattern, RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture).ShouldBeTrue("the schema must admit it too");
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(null, "is empty")]
    [InlineData("30", "is not a duration")]
    [InlineData("d", "is not a duration")]
    [InlineData("30 d", "is not a duration")]
    [InlineData("30 days", "is not a duration")]
    [InlineData("1.5h", "is not a duration")]
    [InlineData("-1d", "is not a duration")]
    [InlineData("1y", "is not a duration")]
    [InlineData("1D", "is not a duration")]
    [InlineData("12h1d", "largest first")]
    [InlineData("1d1d", "largest first")]
    [InlineData("0d", "no time at all")]
    [InlineData("3661d", "longer than 3660d")]
    [InlineData("3660d1ms", "longer than 3660d")]
    [InlineData("999999999999999w", "longer than 3660d")]
    [InlineData("9999999999999999999999d", "is not a duration")]
    public void Everything_else_is_refused_with_the_way_to_write_it(string? text, string message)
    {
        DurationText.TryParse(text, out _, out var error).ShouldBeFalse();
        error.ShouldContain(message);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(36L * 3_600_000, "1d12h")]
    [InlineData(14L * 86_400_000, "14d")]
    [InlineData(90_061_001, "1d1h1m1s1ms")]
    public void Formatting_is_exact(long ms, string text)
    {
        DurationText.Format(ms).ShouldBe(text);
        if (ms > 0)
            DurationText.ParseMs(text).ShouldBe(ms);
    }
}
