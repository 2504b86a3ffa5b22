namespace Segmentation;

/// <summary>
/// Holds when a date property of the profile satisfies the condition. A property that is missing or no date holds when missing ones are
/// included. <see cref="Verdict.NextChangeMs"/> is exact.
/// </summary>
public sealed class DatePropertyRule : Rule
{
    private readonly SegmentCalendar calendar;

    /// <param name="name">The property.</param>
    /// <param name="condition">What is asked of its date.</param>
    /// <param name="calendar">Whose day a date without a time means.</param>
    /// <param name="onMissing">The answer when there is no date.</param>
    public DatePropertyRule(string name, DateCondition condition, SegmentCalendar calendar, OnMissing onMissing = OnMissing.Exclude)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(calendar);
        Name = name;
        Condition = condition;
        this.calendar = calendar;
        OnMissing = onMissing;
    }

    public string Name { get; }

    public DateCondition Condition { get; }

    public OnMissing OnMissing { get; }

    public override Verdict Evaluate(Evaluation e)
    {
        if (!TryRead(e, out var dateMs))
            return new Verdict(OnMissing == OnMissing.Include, Verdict.Never, this);
        var (fromMs, untilMs) = Condition.Holding(dateMs, e.InstantMs);
        var matches = fromMs <= e.InstantMs && e.InstantMs < untilMs;
        var next = matches ? untilMs : fromMs > e.InstantMs && fromMs < untilMs ? fromMs : Verdict.Never;
        return new Verdict(matches, next <= Rfc3339.LatestMs ? next : Verdict.Never, this);
    }

    public override string Key => "property";

    public override string ToString() => $"{Name} {Condition}{(OnMissing == OnMissing.Include ? " or missing" : "")}";

    private protected override string Finding(Evaluation e)
    {
        if (!e.Profile.Properties.TryGetValue(Name, out var value))
            return $"{Name} is missing";
        if (!TryRead(e, out var dateMs))
            return $"{Name} is no date";
        var verdict = Evaluate(e);
        var change = verdict.NextChangeMs == Verdict.Never ? "and that stays so" : $"until {Rfc3339.Format(verdict.NextChangeMs)}";
        return $"{Name} is {value}, at {Rfc3339.Format(dateMs)}; it {(verdict.Matches ? "holds" : "does not hold")} {change}";
    }

    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
        into.AddProfileProperty(Name);
        into.AddTime();
    }

    private bool TryRead(Evaluation e, out long dateMs)
    {
        dateMs = 0;
        return e.Profile.Properties.TryGetValue(Name, out var value) && PropertyDate.TryRead(value, calendar, out dateMs);
    }
}
