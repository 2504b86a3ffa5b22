using System.Text.Json;

namespace Segmentation.Resources;

/// <summary>What one leaf says about one subject, such as how often an event happened in a window.</summary>
/// <param name="Subject">Equal for leaves that speak of the same thing.</param>
/// <param name="Domain">What it leaves open.</param>
/// <param name="Path">Where the leaf stands.</param>
internal sealed record Claim(string Subject, Domain Domain, string Path)
{
    /// <summary>
    /// For a count in a rolling window: the length in milliseconds, <see cref="long.MaxValue"/> for ever. Counts that have the same
    /// <see cref="Subject"/> grow with it. Null for everything else.
    /// </summary>
    public long? WindowMs { get; init; }

    /// <summary>What the leaf says, or its opposite; null for a leaf that nothing is known of.</summary>
    public static Claim? Of(ConditionSpec leaf, string path, bool isTrue)
    {
        var claim = leaf switch
        {
            { Event: { } e } => OfEvent(e, path + ".event"),
            { Property: { For: null } property } => OfProperty(property, path + ".property"),
            { Segment: { JoinedWithin: null, MemberFor: null, JoinedBefore: null } segment } => new Claim(
                "segment " + segment.Name, Yes(segment.Is == SegmentMembership.Member), path + ".segment"),
            { Suppression: { } suppression } => new Claim(
                "suppression " + suppression.Channel, Yes(suppression.Is == SuppressionState.Suppressed), path + ".suppression"),
            { Consent: { For: null, Within: null } consent } => new Claim(
                "consent " + consent.Channel, Domain.Of(NumberSet.Of([(int)consent.Is])), path + ".consent"),
            _ => null,
        };
        return claim is null || isTrue ? claim : claim with { Domain = Clipped(claim, claim.Domain.Complement()) };
    }

    // Two numbers stand for yes and no, so that all that is known of sets holds for them, too.
    private static Domain Yes(bool yes) => Domain.Of(NumberSet.Of([yes ? 1 : 0]));

    // What cannot be anyway: a count below zero, a membership that is neither yes nor no.
    private static Domain Clipped(Claim claim, Domain domain) => claim.Subject.Split(' ')[0] switch
    {
        "count" => Domain.Of(domain.Numbers.Whole().Intersect(NumberSet.AtLeast(0))),
        "segment" or "suppression" => Domain.Of(domain.Numbers.Intersect(NumberSet.Of([0, 1]))),
        "consent" => Domain.Of(domain.Numbers.Intersect(NumberSet.Of([0, 1, 2]))),
        "sum" => Domain.Of(domain.Numbers),
        "number" => domain with { Texts = TextSet.None, Others = false },
        _ => domain,
    };

    private static Claim? OfEvent(EventConditionSpec spec, string path)
    {
        (string Kind, string Name, ComparisonSpec? Comparison)[] all =
        [
            ("count", "count", spec.Count), ("sum", "sum", spec.Sum), ("number", "avg", spec.Avg), ("number", "min", spec.Min),
            ("number", "max", spec.Max), ("count", "distinct", spec.Distinct), ("number", "first", spec.First), ("number", "last", spec.Last),
        ];
        var given = Array.FindIndex(all, one => one.Comparison is not null);
        var (kind, name, written) = given < 0 ? ("count", "count", new ComparisonSpec { Gte = 1 }) : all[given];
        if (ComparisonCompiler.Compile(written!, path, new ProblemList()) is not { } comparison)
            return null;
        var isRolling = name == "count" && TimeframeIsRollingOrEver(spec);
        var rest = spec with { Count = null, Sum = null, Avg = null, Min = null, Max = null, Distinct = null, First = null, Last = null };
        if (isRolling)
            rest = rest with { Within = null, Ever = null };
        // A profile without the property meets neither the condition nor its opposite's wording: it has no such timeframe.
        if (spec.SinceProperty is not null)
            kind = "number";
        var subject = $"{kind} {name} {(written as AggregateSpec)?.Of}{(written as DistinctSpec)?.Of} {Json(rest)}";
        var claim = new Claim(subject, Domain.Of(NumberSet.Of(comparison)), path)
        {
            WindowMs = !isRolling ? null : spec.Within is { } within ? DurationText.ParseMs(within) : long.MaxValue,
        };
        return claim with { Domain = Clipped(claim, claim.Domain) };
    }

    private static bool TimeframeIsRollingOrEver(EventConditionSpec spec) => spec is
    {
        Between: null, Since: null, After: null, Before: null, From: null, Calendar: null, SinceEntering: null, SinceProperty: null,
    } && (spec.Within is null || DurationText.TryParse(spec.Within, out _, out _));

    private static Claim OfProperty(PropertyConditionSpec spec, string path)
    {
        var domain = spec switch
        {
            { Exists: true } => Domain.All with { Missing = false, IsExact = true },
            { Exists: false } => new Domain(NumberSet.None, TextSet.None, Others: false, Missing: true, IsExact: true),
            { Eq: { } eq } => OneOf([eq.Text]),
            { In: { } texts } => OneOf([.. texts.Select(text => text.Text)]),
            { Gt: { } gt } => Domain.Of(NumberSet.Of(Comparison.Gt(gt))),
            { Gte: { } gte } => Domain.Of(NumberSet.AtLeast(gte)),
            { Lt: { } lt } => Domain.Of(NumberSet.Of(Comparison.Lt(lt))),
            { Lte: { } lte } => Domain.Of(NumberSet.AtMost(lte)),
            { Between: [var low, var high] } => Domain.Of(NumberSet.AtLeast(low).Intersect(NumberSet.AtMost(high))),
            { Ne: { } ne } => NoneOf([ne.Text]),
            { NotIn: { } texts } => NoneOf([.. texts.Select(text => text.Text)]),
            { Contains: not null } or { NotContains: not null } or { ContainsAny: not null } or { ContainsAll: not null } or { ContainsNone: not null } or { Length: not null } =>
                new Domain(NumberSet.None, TextSet.All, Others: true, Missing: false, IsExact: false),
            _ => new Domain(NumberSet.None, TextSet.All, Others: false, Missing: false, IsExact: false),
        };
        if (spec.OnMissing == OnMissingProperty.Include)
            domain = domain with { Missing = true, Others = true, IsExact = false };
        return new Claim("property " + spec.Name, domain, path);
    }

    private static Domain OneOf(string[] texts)
    {
        var readings = texts.SelectMany(OperandReadings.Of).ToList();
        var numbers = readings.Where(reading => reading.Kind == PropertyKind.Number).Select(reading => reading.Number);
        return new Domain(NumberSet.Of(numbers), TextSet.Of(texts), readings.Exists(IsBoolean), Missing: false, IsExact: !readings.Exists(IsBoolean));
    }

    // Not equal holds within the kinds of its operands only, so that more is left open than the opposite of equal.
    private static Domain NoneOf(string[] texts)
    {
        var equal = OneOf(texts);
        return new Domain(equal.Numbers.Complement(), equal.Texts.Complement(), Others: true, Missing: false, IsExact: false);
    }

    private static bool IsBoolean(PropertyValue value) => value.Kind == PropertyKind.Boolean;

    private static string Json(EventConditionSpec spec) => JsonSerializer.Serialize(spec, CanonicalJson.Default.EventConditionSpec);
}
