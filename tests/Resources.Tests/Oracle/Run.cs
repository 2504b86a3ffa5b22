using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>Holds the engine against the brute force for one case.</summary>
internal sealed class Run
{
    private readonly Case it;
    private readonly SegmentDefinition definition;
    private readonly long[] instants;
    private readonly Random random;
    private readonly Evaluation evaluation = new();
    private readonly Profile profile;
    private readonly Profile otherwise;
    private BruteForce oracle;

    private Run(Case it, SegmentDefinition definition)
    {
        this.it = it;
        this.definition = definition;
        instants = Instants.Of(it);
        random = new Random(it.Seed);
        profile = Engine.Deliver(it.Profile, it.Seed);
        otherwise = Engine.Deliver(it.Profile, it.Seed / 2);
        oracle = new BruteForce(it.Workspace, it.Profile);
    }

    /// <summary>What is wrong; null when nothing is.</summary>
    public static string? Fault(Case it, Coverage? coverage = null)
    {
        var compiled = Engine.Compile(it.Workspace).Segments[Case.Name];
        return compiled.Definition is { } definition
            ? new Run(it, definition).Fault(coverage)
            : $"it does not compile: {string.Join("; ", compiled.Problems)}";
    }

    private string? Fault(Coverage? coverage)
    {
        coverage?.Add(it, oracle);
        foreach (var instant in Some(12, 0, instants.Length).Append(it.Now))
        {
            if (At(profile, instant).Matches != oracle.Holds(Case.Name, instant))
                return $"at {instant} the answer is not {oracle.Holds(Case.Name, instant)}";
        }

        var now = it.Now;
        for (var step = 0; step < 4 && now != Verdict.Never; step++)
        {
            Settle(now);
            if (FaultOf(now, coverage, out var next) is { } fault)
                return $"at {now}: {fault}";
            now = next;
        }

        return null;
    }

    private string? FaultOf(long now, Coverage? coverage, out long next)
    {
        var expected = oracle.Holds(Case.Name, now);
        var verdict = At(profile, now);
        next = verdict.NextChangeMs;
        if (verdict.Matches != expected)
            return $"the answer is not {expected}";
        if (At(otherwise, now) is var other && (other.Matches, other.NextChangeMs) != (verdict.Matches, next))
            return "another order of arrival gives another answer";
        if (next <= now)
            return $"the next change, {next}, is not later";
        foreach (var between in Between(now, next))
        {
            if (oracle.Holds(Case.Name, between) != expected)
                return $"it changes at {between} or before, not at {next}";
        }

        if (next == Verdict.Never)
            return null;
        if (oracle.Holds(Case.Name, next) == expected && !MayBeNone(now, next))
            return $"the announced change, at {next}, is none";
        return Array.Find([next - 1, next, next + 1], near => At(profile, near).Matches != oracle.Holds(Case.Name, near)) is not 0 and var wrong
            ? $"the answer is wrong at {wrong}, near the next change, {next}"
            : null;
    }

    // Whether what changes at the announced instant may leave the answer as it is: in groups, and in what is referred to; where another
    // entering begins to count; and where a pattern follows no further what is to come.
    private bool MayBeNone(long now, long next) => it.It.Match switch
    {
        { All: not null } or { Any: not null } or { None: not null } or { Segment: not null } or { Rfm: not null } => true,
        { Event: { } spec } => IsNextEntering(spec, now, next),
        { Sequence: { } spec } => IsNextEntering(spec, now, next) || IsLastEffect(spec.Steps.Select(step => step.Event), now, next),
        { FirstTime: { } spec } => IsNextEntering(spec, now, next) || IsLastEffect([spec.Event], now, next),
        { Restarted: { } spec } => IsNextEntering(spec, now, next) || IsLastEffect([spec.Event], now, next),
        { Regular: { } spec } => IsLastEffect([spec.Event], now, next),
        { Stopped: { } spec } => IsLastEffect([spec.Event], now, next),
        _ => false,
    };

    private bool IsNextEntering(TimeframeSpec spec, long now, long next) =>
        spec.SinceEntering == true && next == now + 1 && oracle.Profile.Stays[Case.Name] is { EnteredBefore: not null } stay && stay.EnteredAt == now;

    // Events and refunds of them that are to come.
    private bool IsLastEffect(IEnumerable<string> names, long now, long next)
    {
        var events = oracle.Profile.Events;
        var ids = events.Where(e => names.Contains(e.Name)).Select(e => e.Id).ToHashSet();
        var effects = events.Where(e => ids.Contains(e.Id) || (e.Refunds is { } id && ids.Contains(id))).Select(e => e.At);
        return effects.Where(at => at > now).Distinct().Order().Skip(PatternRule.EffectsMax).FirstOrDefault() == next;
    }

    // The instants next to both ends, and some of the others, and some that nothing speaks for.
    private IEnumerable<long> Between(long now, long next)
    {
        var from = FirstAfter(now);
        var until = next == Verdict.Never ? instants.Length : FirstAfter(next - 1);
        for (var i = from; i < Math.Min(from + 8, until); i++)
            yield return instants[i];
        for (var i = Math.Max(from + 8, until - 8); i < until; i++)
            yield return instants[i];
        foreach (var one in Some(12, from, until))
            yield return one;
        var end = next == Verdict.Never ? now + 400L * 86_400_000 : next;
        for (var i = 0; i < 3; i++)
            yield return random.NextInt64(now, end);
    }

    private int FirstAfter(long instant)
    {
        var index = Array.BinarySearch(instants, instant);
        return index >= 0 ? index + 1 : ~index;
    }

    private IEnumerable<long> Some(int count, int from, int until)
    {
        for (var i = 0; i < count && until > from; i++)
            yield return instants[random.Next(from, until)];
    }

    private Verdict At(Profile who, long instant)
    {
        evaluation.Begin(who, instant);
        return evaluation.Evaluate(definition);
    }

    // Writes down, as the operator does, which segments the customer entered or left, and which tier it came into.
    private void Settle(long now)
    {
        var plain = oracle.Profile;
        var stays = new Dictionary<string, PlainStay>(plain.Stays);
        foreach (var segment in it.Workspace.Segments.Keys)
        {
            var isKnown = stays.TryGetValue(segment, out var stay) && stay.IsMember;
            if (oracle.Holds(segment, now) == isKnown)
                continue;
            stays[segment] = isKnown ? stay! with { IsMember = false, EnteredBefore = null } : new PlainStay(now, true, stay?.EnteredAt);
            oracle = new BruteForce(it.Workspace, plain with { Stays = stays });
        }

        var tiers = plain.Tiers.ToDictionary(policy => policy.Key, policy => Settled(policy.Key, policy.Value, now));
        foreach (var policy in it.Workspace.Policies.Keys.Where(policy => !tiers.ContainsKey(policy)))
            tiers[policy] = Settled(policy, [], now);
        oracle = new BruteForce(it.Workspace, plain with { Stays = stays, Tiers = tiers });
        Engine.Remember(profile, oracle.Profile);
        Engine.Remember(otherwise, oracle.Profile);
    }

    private IReadOnlyList<PlainTier> Settled(string policy, IReadOnlyList<PlainTier> tiers, long now)
    {
        var present = oracle.Score(policy, now)?.Tier;
        if (tiers.FirstOrDefault(tier => tier.Left is null)?.Name == present)
            return tiers;
        var left = tiers.Select(tier => tier with { Left = tier.Left ?? now });
        return present is null ? left.ToList() : left.Where(tier => tier.Name != present).Append(new PlainTier(present, now, null)).ToList();
    }
}
