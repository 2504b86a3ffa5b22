using System.Globalization;
using NodaTime;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>The calendar of a place, walked day by day. For one thread.</summary>
internal sealed class Days(string zoneName, WeekDay weekStartsOn)
{
    private readonly DateTimeZone zone = DateTimeZoneProviders.Tzdb[zoneName];
    private readonly Dictionary<LocalDate, long> starts = [];
    private readonly Dictionary<(string Phrase, LocalDate Day), (LocalDate First, LocalDate End)> phrases = [];

    /// <summary>The first instant at which the clocks of the place show this day or a later one.</summary>
    public long Start(LocalDate day)
    {
        if (starts.TryGetValue(day, out var known))
            return known;
        var midnight = day.AtMidnight();
        var about = midnight.InUtc().ToInstant();
        var first = zone.GetZoneIntervals(about - Duration.FromHours(30), about + Duration.FromHours(54))
            .Select(interval => (interval, AsThere: midnight.WithOffset(interval.WallOffset).ToInstant()))
            .Select(x => (x.interval, From: x.interval.HasStart && x.interval.Start > x.AsThere ? x.interval.Start : x.AsThere))
            .First(x => !x.interval.HasEnd || x.From < x.interval.End)
            .From;
        return starts[day] = first.ToUnixTimeMilliseconds();
    }

    /// <summary>The day that the instant lies in.</summary>
    public LocalDate Of(long t)
    {
        var day = Instant.FromUnixTimeMilliseconds(t).InZone(zone).Date;
        while (Start(day) > t)
            day = day.PlusDays(-1);
        while (Start(day.PlusDays(1)) <= t)
            day = day.PlusDays(1);
        return day;
    }

    public long At(PlainDate date) => date.Day is { } day ? Start(LocalDate.FromDateOnly(day)) : date.Ms;

    /// <summary>Whether the instant lies on one of the days that the phrase means at t.</summary>
    public bool Has(string phrase, long instant, long t)
    {
        var days = DaysOf(phrase, Of(t));
        return instant >= Start(days.First) && instant < Start(days.End);
    }

    /// <summary>The days that the phrase means on this day.</summary>
    public IEnumerable<LocalDate> In(string phrase, LocalDate today)
    {
        var days = DaysOf(phrase, today);
        for (var day = days.First; day < days.End; day = day.PlusDays(1))
            yield return day;
    }

    /// <summary>The first day of the unit (day, week, month, quarter, year) that the day lies in.</summary>
    public LocalDate FirstOf(string unit, LocalDate day)
    {
        while (!Begins(unit, day))
            day = day.PlusDays(-1);
        return day;
    }

    /// <summary>The first day of the next unit.</summary>
    public LocalDate After(string unit, LocalDate day)
    {
        do
        {
            day = day.PlusDays(1);
        }
        while (!Begins(unit, day));
        return day;
    }

    private (LocalDate First, LocalDate End) DaysOf(string phrase, LocalDate today)
    {
        if (!phrases.TryGetValue((phrase, today), out var days))
            phrases[(phrase, today)] = days = Walk(phrase, today);
        return days;
    }

    private (LocalDate First, LocalDate End) Walk(string phrase, LocalDate today)
    {
        var words = (phrase switch { "today" => "this day", "yesterday" => "last day", "tomorrow" => "next day", _ => phrase }).Split(' ');
        var unit = words[^1].TrimEnd('s');
        var count = words.Length == 3 ? int.Parse(words[1], CultureInfo.InvariantCulture) : 1;
        var first = FirstOf(unit, today);
        var end = After(unit, first);
        if (words[0] == "this")
            return (first, end);
        if (words[0] == "next")
        {
            first = end;
            for (var i = 0; i < count; i++)
                end = After(unit, end);
            return (first, end);
        }

        end = first;
        for (var i = 0; i < count; i++)
            first = FirstOf(unit, first.PlusDays(-1));
        return (first, end);
    }

    private bool Begins(string unit, LocalDate day) => unit switch
    {
        "day" => true,
        "week" => (int)day.DayOfWeek == 1 + (int)weekStartsOn,
        "month" => day.Day == 1,
        "quarter" => day is { Day: 1, Month: 1 or 4 or 7 or 10 },
        _ => day is { Day: 1, Month: 1 },
    };
}
