namespace Segmentation;

/// <summary>What a person may have answered to being written to.</summary>
public enum ConsentStatus
{
    Subscribed,

    Unsubscribed,

    /// <summary>Nothing was ever recorded.</summary>
    Never,
}

/// <summary>
/// Holds when the profile's consent on a channel is so, and has been so for at least, or less than, so long.
/// <see cref="Verdict.NextChangeMs"/> is exact.
/// </summary>
public sealed class ConsentRule : Rule
{
    private readonly PropertyPredicate predicate;

    /// <summary>Throws <see cref="ArgumentException"/> for a time beside never, and when no instant could satisfy both times.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="status">What is asked.</param>
    /// <param name="forMs">It has been so for at least this long; 1 to <see cref="Timeframe.MaxMs"/> milliseconds.</param>
    /// <param name="withinMs">It became so less than this long ago; the same range, and above <paramref name="forMs"/>.</param>
    public ConsentRule(string channel, ConsentStatus status, long? forMs = null, long? withinMs = null)
    {
        if (!ProfileFacts.IsChannel(channel))
            throw new ArgumentException("A channel is a small letter and then small letters, digits, _ and -.", nameof(channel));
        if (forMs is <= 0 or > Timeframe.MaxMs || withinMs is <= 0 or > Timeframe.MaxMs || forMs >= withinMs)
            throw new ArgumentException("A time is above 0, and for is shorter than within.", nameof(forMs));
        if (status == ConsentStatus.Never && (forMs ?? withinMs) is not null)
            throw new ArgumentException("What was never recorded has no time.", nameof(status));
        Channel = channel;
        Status = status;
        ForMs = forMs;
        WithinMs = withinMs;
        predicate = status == ConsentStatus.Never
            ? new PropertyPredicate(ProfileFacts.Consent(channel), PropertyOperator.Exists, [false])
            : new PropertyPredicate(ProfileFacts.Consent(channel), PropertyOperator.Eq, [Word(status)]);
    }

    public string Channel { get; }

    public ConsentStatus Status { get; }

    public long? ForMs { get; }

    public long? WithinMs { get; }

    public override Verdict Evaluate(Evaluation e) => (ForMs ?? WithinMs) is null
        ? new Verdict(predicate.Holds(e.Profile.Properties), Verdict.Never, this)
        : HeldTime.Answer(this, e, predicate, ForMs, WithinMs);

    public override string Key => "consent";

    public override string ToString()
    {
        var held = ForMs is { } least ? $" for {DurationWords.Of(least)}" : "";
        var became = WithinMs is { } most ? $" within {DurationWords.Of(most)}" : "";
        return $"{Channel} is {Word(Status)}{held}{became}";
    }

    private protected override string Finding(Evaluation e)
    {
        if (!e.Profile.Properties.TryGetValue(predicate.Name, out var status))
            return $"nothing was ever recorded for {Channel}";
        var sinceMs = e.Profile.HeldSinceMs(new PropertyPredicate(predicate.Name, PropertyOperator.Eq, [status]));
        return sinceMs is null or long.MinValue ? $"{status}" : $"{status} since {Rfc3339.Format(sinceMs.Value)}";
    }

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        into.AddProfileProperty(predicate.Name);
        if ((ForMs ?? WithinMs) is not null)
            into.AddTime();
    }

    private static string Word(ConsentStatus status) => status switch
    {
        ConsentStatus.Subscribed => ProfileFacts.Subscribed,
        ConsentStatus.Unsubscribed => ProfileFacts.Unsubscribed,
        _ => "never",
    };
}
