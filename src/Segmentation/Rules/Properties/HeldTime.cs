namespace Segmentation;

/// <summary>How long a profile has satisfied a predicate.</summary>
internal static class HeldTime
{
    /// <summary>Whether it has for at least <paramref name="forMs"/> and less than <paramref name="withinMs"/>, as far as they are asked.</summary>
    public static Verdict Answer(Rule rule, Evaluation e, PropertyPredicate predicate, long? forMs, long? withinMs)
    {
        if (e.Profile.HeldSinceMs(predicate) is not { } sinceMs)
            return new Verdict(false, Verdict.Never, rule);
        if (sinceMs == long.MinValue)
            return new Verdict(withinMs is null, Verdict.Never, rule);
        var fromMs = forMs is { } least ? sinceMs + least : long.MinValue;
        var untilMs = withinMs is { } most ? sinceMs + most : Verdict.Never;
        if (e.InstantMs < fromMs)
            return new Verdict(false, fromMs < untilMs ? fromMs : Verdict.Never, rule);
        return e.InstantMs < untilMs ? new Verdict(true, untilMs, rule) : new Verdict(false, Verdict.Never, rule);
    }

    /// <summary>Since when, in words.</summary>
    public static string Words(Evaluation e, PropertyPredicate predicate) => e.Profile.HeldSinceMs(predicate) switch
    {
        null => "it does not hold now",
        long.MinValue => "it has held as long as is known",
        { } sinceMs => $"it has held since {Rfc3339.Format(sinceMs)}",
    };
}
