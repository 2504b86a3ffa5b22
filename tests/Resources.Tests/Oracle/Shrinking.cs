using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>Smaller cases than a given one, the much smaller first.</summary>
internal static class Shrinking
{
    public static IEnumerable<Case> Of(Case it) => Conditions(it.It.Match).Select(it.With)
        .Concat(Profiles(it.Profile).Select(profile => it with { Profile = profile }))
        .Concat(it.It.TimeZone == "UTC" ? [] : [InUtc(it)]);

    private static IEnumerable<ConditionSpec> Conditions(ConditionSpec condition)
    {
        if ((condition.All ?? condition.Any ?? condition.None) is { } items)
        {
            return items
                .Concat(items.Count > 1 ? items.Select((_, i) => Regrouped(condition, Without(items, i))) : [])
                .Concat(items.SelectMany((item, i) => Conditions(item).Select(smaller => Regrouped(condition, With(items, i, smaller)))));
        }

        return condition switch
        {
            { Event: { } spec } => Tests(spec.Where).Select(where => new ConditionSpec { Event = spec with { Where = where } }),
            { FirstTime: { } spec } => Tests(spec.Where).Select(where => new ConditionSpec { FirstTime = spec with { Where = where } }),
            { Restarted: { } spec } => Tests(spec.Where).Select(where => new ConditionSpec { Restarted = spec with { Where = where } }),
            { Stopped: { } spec } => Tests(spec.Where).Select(where => new ConditionSpec { Stopped = spec with { Where = where } }),
            { Regular: { } spec } => Tests(spec.Where).Select(where => new ConditionSpec { Regular = spec with { Where = where } }),
            { Sequence: { } spec } => Sequences(spec).Select(sequence => new ConditionSpec { Sequence = sequence }),
            _ => [],
        };
    }

    private static IEnumerable<SequenceConditionSpec> Sequences(SequenceConditionSpec spec)
    {
        for (var i = 1; i < spec.Steps.Count && spec.Steps.Count > 2; i++)
            yield return spec with { Steps = Without(spec.Steps, i) };
        if (spec.CompletedWithin is not null)
            yield return spec with { CompletedWithin = null };
        for (var i = 0; i < spec.Steps.Count; i++)
        {
            var step = spec.Steps[i];
            foreach (var where in Tests(step.Where))
                yield return spec with { Steps = With(spec.Steps, i, step with { Where = where }) };
            if (step.Within is not null)
                yield return spec with { Steps = With(spec.Steps, i, step with { Within = null }) };
        }
    }

    private static IEnumerable<IReadOnlyList<WhereSpec>?> Tests(IReadOnlyList<WhereSpec>? where) =>
        where is null ? [] : where.Select((_, i) => where.Count == 1 ? null : Without(where, i));

    private static ConditionSpec Regrouped(ConditionSpec group, IReadOnlyList<ConditionSpec> items) => group with
    {
        All = group.All is null ? null : items,
        Any = group.Any is null ? null : items,
        None = group.None is null ? null : items,
    };

    private static IEnumerable<PlainProfile> Profiles(PlainProfile profile)
    {
        for (var size = profile.Events.Count / 2; size > 0; size /= 2)
        {
            for (var i = 0; i + size <= profile.Events.Count; i += size)
                yield return profile with { Events = [.. profile.Events.Take(i), .. profile.Events.Skip(i + size)] };
        }

        if (profile.Changes.Count > 0)
            yield return profile with { Changes = [] };
        for (var i = 0; i < profile.Changes.Count; i++)
            yield return profile with { Changes = Without(profile.Changes, i) };
        for (var i = 0; i < profile.Consents.Count; i++)
            yield return profile with { Consents = Without(profile.Consents, i) };
        if (profile.Suppressed.Count > 0)
            yield return profile with { Suppressed = [] };
        if (profile.Tiers.Count > 0)
            yield return profile with { Tiers = new Dictionary<string, IReadOnlyList<PlainTier>>() };
        foreach (var name in profile.Stays.Keys)
            yield return profile with { Stays = profile.Stays.Where(stay => stay.Key != name).ToDictionary(stay => stay.Key, stay => stay.Value) };
        foreach (var name in profile.Properties.Keys)
            yield return profile with { Properties = Without(profile.Properties, name) };
        for (var i = 0; i < profile.Events.Count; i++)
        {
            foreach (var name in profile.Events[i].Properties.Keys)
                yield return profile with { Events = With(profile.Events, i, profile.Events[i] with { Properties = Without(profile.Events[i].Properties, name) }) };
        }
    }

    private static Case InUtc(Case it) => it with
    {
        Workspace = it.Workspace with { Segments = it.Workspace.Segments.ToDictionary(segment => segment.Key, segment => segment.Value with { TimeZone = "UTC" }) },
    };

    private static Dictionary<string, object> Without(IReadOnlyDictionary<string, object> values, string name) =>
        values.Where(value => value.Key != name).ToDictionary(value => value.Key, value => value.Value);

    private static List<T> Without<T>(IReadOnlyList<T> items, int index) => items.Where((_, i) => i != index).ToList();

    private static List<T> With<T>(IReadOnlyList<T> items, int index, T item) => items.Select((one, i) => i == index ? item : one).ToList();
}
