using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using NodaTime.Text;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>
/// Where and when a case plays: instants lie on a grid with few points about an instant at which calendars are odd, and at the starts of
/// days, give or take a millisecond; durations are multiples of the same grid. So events coincide with one another and with bounds.
/// </summary>
internal sealed class Scene(string zone, WeekDay weekStartsOn, long anchor, long step)
{
    private const long Day = 86_400_000;

    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo"];

    // Clocks that are put on or back, at one o'clock, at midnight, by half an hour; a day that never was; ends of years, quarters and weeks;
    // and 29 February.
    private static readonly (string? Zone, string At)[] Anchors =
    [
        ("Europe/Berlin", "2026-03-29T01:00:00Z"), ("Europe/Berlin", "2026-10-25T01:00:00Z"), ("America/New_York", "2026-03-08T07:00:00Z"),
        ("America/New_York", "2026-11-01T06:00:00Z"), ("America/St_Johns", "2006-10-29T02:31:00Z"), ("America/St_Johns", "2006-04-02T03:31:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"), ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
        ("America/Sao_Paulo", "2018-11-04T03:00:00Z"), (null, "2024-02-29T12:00:00Z"), (null, "2023-02-28T12:00:00Z"), (null, "2026-01-01T00:00:00Z"),
        (null, "2027-01-03T18:15:00Z"), (null, "2026-06-30T23:59:59Z"), (null, "2026-08-12T09:30:00Z"),
    ];

    private static readonly long[] Steps = [1_000, 3_600_000, 6 * 3_600_000, Day, Day, 7 * Day, 30 * Day];

    private readonly Days days = new(zone, weekStartsOn);

    public string Zone => zone;

    public WeekDay WeekStartsOn => weekStartsOn;

    public static Gen<Scene> Any { get; } =
        from anchor in Gen.Elements(Anchors)
        from zone in Gen.Elements(Zones)
        from weekStartsOn in Gen.Frequency((2, Gen.Constant(WeekDay.Monday)), (2, Gen.Constant(WeekDay.Sunday)), (1, Gen.Choose(1, 5).Select(n => (WeekDay)n)))
        from step in Gen.Elements(Steps)
        select new Scene(anchor.Zone ?? zone, weekStartsOn, InstantPattern.ExtendedIso.Parse(anchor.At).Value.ToUnixTimeMilliseconds(), step);

    /// <summary>Mostly on the spot, now and then a millisecond beside it.</summary>
    private static Gen<long> Jitter { get; } = Gen.Frequency((6, Gen.Constant(0L)), (1, Gen.Constant(-1L)), (1, Gen.Constant(1L)));

    public Gen<long> Instant => Gen.Frequency(
        (4, from n in Gen.Choose(-12, 12) from jitter in Jitter select anchor + n * step + jitter),
        (1, from n in Gen.Choose(-12, 12) from jitter in Jitter select days.Start(days.Of(anchor + n * step)) + jitter));

    public Gen<long> DurationMs => from n in Gen.Choose(1, 14) from jitter in Jitter select Math.Max(1, n * step + jitter);

    public Gen<string> Duration => DurationMs.Select(Texts.Duration);

    /// <summary>A duration that is longer by some milliseconds up to a few steps.</summary>
    public Gen<string[]> Ages =>
        from shorter in DurationMs
        from more in Gen.OneOf(Gen.Elements(1L, 2L), DurationMs)
        select new[] { Texts.Duration(shorter), Texts.Duration(shorter + more) };

    public Gen<string> Date => Gen.OneOf(DayText, InstantText);

    public Gen<string[]> FromTo => from a in Instant from more in DurationMs select new[] { Rfc3339(a, 0), Rfc3339(a + more, 0) };

    /// <summary>A day, as of this place, about the anchor.</summary>
    public Gen<string> DayText =>
        Gen.Choose(-6, 6).Select(n => LocalDatePattern.Iso.Format(days.Of(anchor + n * Math.Max(step, Day))));

    public Gen<string> InstantText =>
        from at in Instant from offset in Gen.Elements(0, 0, 60, -150, 345) select Rfc3339(at, offset);

    /// <summary>The date of a birth some years ago, on a day near the anchor's or on 29 February.</summary>
    public Gen<string> Birthday =>
        from years in Gen.Choose(0, 30)
        from n in Gen.Choose(-4, 4)
        from leap in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        select LocalDatePattern.Iso.Format(leap ? new LocalDate(2000, 2, 29) : days.Of(anchor).PlusDays(n).PlusYears(-years));

    /// <summary>Of this, last, or for properties next, days, weeks, months, quarters, years.</summary>
    public static Gen<string> Phrase(bool ofProperty)
    {
        var past = Gen.OneOf(
            Gen.Elements("today", "yesterday", "this week", "this month", "this quarter", "this year"),
            Gen.Elements("last week", "last month", "last quarter", "last year"),
            Counted("last"));
        return ofProperty
            ? Gen.OneOf(past, Gen.Elements("tomorrow", "next week", "next month", "next quarter", "next year"), Counted("next"))
            : past;
    }

    private static Gen<string> Counted(string word) =>
        from unit in Gen.Elements(("days", 40), ("days", 4), ("weeks", 6), ("months", 5), ("quarters", 4), ("years", 3))
        from count in Gen.Choose(1, unit.Item2)
        select string.Create(CultureInfo.InvariantCulture, $"{word} {count} {unit.Item1}");

    private static string Rfc3339(long ms, int offsetMinutes) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToOffset(TimeSpan.FromMinutes(offsetMinutes))
            .ToString(offsetMinutes == 0 ? "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture);
}
