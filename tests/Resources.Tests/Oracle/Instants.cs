using System.Reflection;
using NodaTime;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>
/// Every instant at which the passing of time can make a difference to a case, and more: when anything known happened or lies, each
/// duration of the spec before and after that, starts of days and units of the calendars, with the milliseconds around all of them.
/// </summary>
internal static class Instants
{
    private const long Day = 86_400_000;

    /// <summary>In ascending order, none before the case begins.</summary>
    public static long[] Of(Case it)
    {
        var leaves = Features.Leaves(it.Workspace, Case.Name).ToList();
        var policies = leaves.Select(leaf => leaf.Rfm?.Policy).OfType<string>().Distinct().Select(name => it.Workspace.Policies[name]).ToList();
        var delays = leaves.SelectMany(Durations)
            .Concat(policies.SelectMany(policy => (policy.Scoring.Recency ?? []).Append(policy.Window)).Select(Texts.Duration))
            .Append(0L)
            .Distinct()
            .ToList();
        var calendars = new[] { Case.Name }.Concat(leaves.Select(leaf => leaf.Segment?.Name).OfType<string>()).Distinct()
            .Select(name => it.Workspace.Segments[name])
            .Select(segment => new Days(segment.TimeZone, segment.WeekStartsOn ?? WeekDay.Monday))
            .ToList();
        var facts = Facts(it, leaves, calendars[0]).Distinct().ToList();
        return facts.SelectMany(fact => delays.SelectMany(delay => new[] { fact + delay, fact - delay }))
            .Concat(leaves.Exists(ReadsCalendar) ? calendars.SelectMany(days => Starts(days, it, facts)) : [])
            .SelectMany(instant => new[] { instant - 1, instant, instant + 1 })
            .Where(instant => instant >= it.Now)
            .Distinct()
            .Order()
            .ToArray();
    }

    private static IEnumerable<long> Facts(Case it, List<ConditionSpec> leaves, Days days)
    {
        var profile = it.Profile;
        var dates = profile.Properties.Values.Concat(profile.Changes.Select(change => change.After)).OfType<string>()
            .Concat(leaves.SelectMany(TextsOf))
            .Select(Texts.Date)
            .OfType<PlainDate>()
            .Select(days.At);
        return profile.Events.Select(e => e.At)
            .Concat(profile.Changes.Select(change => change.At))
            .Concat(profile.Consents.Select(consent => consent.At))
            .Concat(profile.Stays.Values.SelectMany(stay => new[] { stay.EnteredAt, stay.EnteredBefore ?? stay.EnteredAt }))
            .Concat(profile.Tiers.Values.SelectMany(tiers => tiers).Select(tier => tier.Left ?? tier.From))
            .Concat(dates)
            .Append(it.Now);
    }

    // Each duration of the leaf; of a period, the first few multiples.
    private static IEnumerable<long> Durations(ConditionSpec leaf)
    {
        var regular = leaf.Regular ?? leaf.Stopped;
        foreach (var text in TextsOf(leaf).Where(IsDuration))
        {
            var times = text == regular?.Period ? Math.Min(regular.OfLast + 1, 8) : 1;
            for (var i = 1; i <= times; i++)
                yield return i * Texts.Duration(text);
        }
    }

    private static bool IsDuration(string text) => DurationText.TryParse(text, out _, out _);

    // All texts in the fields of the leaf, at any depth.
    private static IEnumerable<string> TextsOf(object spec) => spec.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(field => field.GetIndexParameters().Length == 0)
        .Select(field => field.GetValue(spec))
        .SelectMany(value => value switch
        {
            null => [],
            string text => new[] { text },
            IEnumerable<string> texts => texts,
            IEnumerable<object> specs => specs.SelectMany(TextsOf),
            _ => value.GetType().Namespace == typeof(ConditionSpec).Namespace && value.GetType().IsClass ? TextsOf(value) : [],
        });

    private static bool ReadsCalendar(ConditionSpec leaf) => Features.Of(leaf).Any(feature =>
        feature.StartsWith("calendar=", StringComparison.Ordinal) || feature.StartsWith("anniversary", StringComparison.Ordinal) || feature.EndsWith(".period", StringComparison.Ordinal));

    // The days from the beginning on for a while, then the months; and the same after each fact.
    private static IEnumerable<long> Starts(Days days, Case it, List<long> facts)
    {
        var today = days.Of(it.Now);
        for (var i = 0; i < 45; i++)
            yield return days.Start(today.PlusDays(i));
        for (var i = 1; i < 60; i++)
            yield return days.Start(new LocalDate(today.Year, today.Month, 1).PlusMonths(i));
        foreach (var fact in facts.Where(fact => fact > it.Now && fact < it.Now + 4_000 * Day))
        {
            var day = days.Of(fact);
            yield return days.Start(day);
            yield return days.Start(day.PlusDays(1));
        }
    }
}
