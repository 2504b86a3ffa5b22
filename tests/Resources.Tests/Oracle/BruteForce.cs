using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>
/// docs/conditions.md, done the slow and obvious way: a spec is read as it is written, and every question looks at everything again. It
/// shares nothing with the engine or its compilers. For one thread.
/// </summary>
internal sealed partial class BruteForce(PlainWorkspace workspace, PlainProfile profile)
{
    private readonly Dictionary<string, Days> calendars = [];

    public PlainProfile Profile => profile;

    /// <summary>Whether the profile is in the segment at t.</summary>
    public bool Holds(string segment, long t) => Holds(segment, workspace.Segments[segment].Match, t);

    /// <summary>Whether a condition of the segment holds at t.</summary>
    public bool Holds(string segment, ConditionSpec condition, long t) => condition switch
    {
        { All: { } all } => all.All(one => Holds(segment, one, t)),
        { Any: { } any } => any.Any(one => Holds(segment, one, t)),
        { None: { } none } => !none.Any(one => Holds(segment, one, t)),
        { Event: { } spec } => EventHolds(segment, spec, t),
        { Sequence: { } spec } => SequenceHolds(segment, spec, t),
        { FirstTime: { } spec } => FirstTimeHolds(segment, spec, t),
        { Restarted: { } spec } => RestartedHolds(segment, spec, t),
        { Stopped: { } spec } => StoppedHolds(segment, spec, t),
        { Regular: { } spec } => RegularHolds(segment, spec, t),
        { Property: { } spec } => PropertyHolds(segment, spec, t),
        { Consent: { } spec } => ConsentHolds(spec, t),
        { Suppression: { } spec } => profile.Suppressed.Contains(spec.Channel) == (spec.Is == SuppressionState.Suppressed),
        { Segment: { } spec } => SegmentHolds(segment, spec, t),
        { Rfm: { } spec } => RfmHolds(spec, t),
        { Prediction: not null } => false,
        { Place: { } spec } => PlaceHolds(spec),
        { Sample: { } spec } => SampleHolds(spec),
        { Profiles: { } spec } => spec.Ids.Contains(profile.Id),
        _ => throw new ArgumentException("a condition without a key", nameof(condition)),
    };

    /// <summary>The calendar of the segment.</summary>
    public Days CalendarOf(string segment)
    {
        if (!calendars.TryGetValue(segment, out var days))
        {
            var spec = workspace.Segments[segment];
            calendars[segment] = days = new Days(spec.TimeZone, spec.WeekStartsOn ?? WeekDay.Monday);
        }

        return days;
    }

    private bool SegmentHolds(string segment, SegmentConditionSpec spec, long t)
    {
        var member = Holds(spec.Name, t);
        if (spec.Is == SegmentMembership.NotMember)
            return !member;
        if (!member)
            return false;
        // One that is not known as a member enters now.
        var joined = profile.Stays.TryGetValue(spec.Name, out var stay) && stay.IsMember ? stay.EnteredAt : t;
        if (spec.JoinedWithin is { } within)
            return t - joined < Texts.Duration(within);
        if (spec.MemberFor is { } least)
            return t - joined >= Texts.Duration(least);
        return spec.JoinedBefore is not { } date || joined < Date(segment, date);
    }

    // A date of a spec.
    private long Date(string segment, string text) => CalendarOf(segment).At(Texts.Date(text)!);

    private static bool Compare(decimal number, ComparisonSpec comparison, decimal times = 1) =>
        comparison.Eq is { } eq ? number == eq * times
        : comparison.Ne is { } ne ? number != ne * times
        : comparison.Gt is { } gt ? number > gt * times
        : comparison.Gte is { } gte ? number >= gte * times
        : comparison.Lt is { } lt ? number < lt * times
        : comparison.Lte is { } lte ? number <= lte * times
        : number >= comparison.Between![0] * times && number <= comparison.Between[1] * times;
}
