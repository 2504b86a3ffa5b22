using NodaTime;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal sealed partial class BruteForce
{
    /// <summary>How many changes of one property are remembered.</summary>
    private const int ChangesMax = 16;

    // Properties have no future: at every t from the last change on, the present ones hold.
    private object? ValueAt(string property, long t) => profile.Changes
        .Where(change => change.Property == property && change.At <= t)
        .Select(change => change.After)
        .Prepend(profile.Properties.GetValueOrDefault(property))
        .Last();

    private bool PropertyHolds(string segment, PropertyConditionSpec spec, long t)
    {
        if (spec.For is not { } duration)
            return SatisfiesMoving(segment, ValueAt(spec.Name, t), spec, t);
        var (values, earliest) = Remembered(spec.Name);
        var since = t - Texts.Duration(duration);
        // The values from `since` to t: the one that held then, and all later ones.
        var held = values.Where(value => value.From <= since).TakeLast(1).Concat(values.Where(value => value.From > since && value.From <= t));
        return (values.Exists(value => value.From <= since) ? held : held.Prepend((From: since, Value: earliest)))
            .All(value => Satisfies(segment, value.Value, spec));
    }

    // The values since the earliest change that is remembered, and the one before it.
    private (List<(long From, object? Value)> Values, object? Earliest) Remembered(string property)
    {
        var value = profile.Properties.GetValueOrDefault(property);
        var changes = new List<(long At, object? Before, object? After)>();
        foreach (var change in profile.Changes.Where(change => change.Property == property))
        {
            if (!IsSame(value, change.After))
                changes.Add((change.At, value, change.After));
            value = change.After;
        }

        var known = changes.TakeLast(ChangesMax).ToList();
        return (known.Select(change => (change.At, change.After)).ToList(), known.Count > 0 ? known[0].Before : value);
    }

    private bool ConsentHolds(ConsentConditionSpec spec, long t)
    {
        var consents = profile.Consents.Where(consent => consent.Channel == spec.Channel).ToList();
        if (consents.Count == 0)
            return spec.Is == ConsentState.Never;
        if (consents[^1].Status != (spec.Is == ConsentState.Subscribed ? "subscribed" : "unsubscribed") || spec.Is == ConsentState.Never)
            return false;
        // Saying the same again changes nothing.
        var since = consents.Last(consent => consent == consents[0] || consents[consents.IndexOf(consent) - 1].Status != consent.Status).At;
        return (spec.For is not { } least || t - since >= Texts.Duration(least)) && (spec.Within is not { } within || t - since < Texts.Duration(within));
    }

    // The operators that time alone changes, and all others.
    private bool SatisfiesMoving(string segment, object? value, PropertyConditionSpec spec, long t)
    {
        if (spec is { WithinLast: null, WithinNext: null, OlderThan: null, Calendar: null, Anniversary: null })
            return Satisfies(segment, value, spec);
        if (DateOf(segment, value) is not { } date)
            return spec.OnMissing == OnMissingProperty.Include;
        if (spec.WithinLast is { } last)
            return date > t - Texts.Duration(last) && date <= t;
        if (spec.WithinNext is { } next)
            return date > t && date <= t + Texts.Duration(next);
        if (spec.OlderThan is { } age)
            return date <= t - Texts.Duration(age);
        var calendar = CalendarOf(segment);
        if (spec.Calendar is { } phrase)
            return calendar.Has(phrase, date, t);
        var today = calendar.Of(t);
        var born = calendar.Of(date);
        var days = spec.Anniversary!.WithinNext is { } ahead ? Enumerable.Range(0, ahead + 1).Select(today.PlusDays)
            : spec.Anniversary.WithinLast is { } ago ? Enumerable.Range(-ago, ago + 1).Select(today.PlusDays)
            : calendar.In(spec.Anniversary.Calendar!, today);
        return days.Any(day => ComesBackOn(born, day));
    }

    private static bool ComesBackOn(LocalDate born, LocalDate day) => born is { Month: 2, Day: 29 } && !CalendarSystem.Iso.IsLeapYear(day.Year)
        ? day is { Month: 2, Day: 28 }
        : (born.Month, born.Day) == (day.Month, day.Day);

    // The instant that a property's value names; null when it is missing or no date.
    private long? DateOf(string segment, object? value) =>
        value is string text && Texts.Date(text) is { } date ? CalendarOf(segment).At(date) : null;
}
