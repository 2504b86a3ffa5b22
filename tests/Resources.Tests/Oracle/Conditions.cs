using FsCheck;
using FsCheck.Fluent;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>Random conditions: every key, every operator, every timeframe.</summary>
internal static partial class Conditions
{
    private static readonly string[] EventNames = ["order", "open", "view"];

    /// <summary>A condition with at most so many groups in one another.</summary>
    public static Gen<ConditionSpec> Tree(Scene scene, int levels) =>
        levels == 0 ? Leaf(scene) : Gen.Frequency((1, Leaf(scene)), (2, Group(scene, levels)));

    public static Gen<ConditionSpec> Leaf(Scene scene) => Gen.Frequency(
        (28, Event(scene)),
        (12, Property(scene)),
        (10, MovingProperty(scene)),
        (5, HeldProperty(scene)),
        (8, Sequence(scene)),
        (6, FirstTime(scene)),
        (9, Restarted(scene)),
        (5, Regular(scene)),
        (5, Stopped(scene)),
        (4, Consent(scene)),
        (1, Suppression()),
        (4, Gen.Elements(SegmentNames).SelectMany(name => Membership(scene, name))),
        (12, Rfm(scene)),
        (2, Prediction(scene)),
        (3, Place()),
        (1, Sample()),
        (1, Profiles()));

    /// <summary>A condition of a segment that others refer to; it does not ask about its own members.</summary>
    public static Gen<ConditionSpec> Referred(Scene scene) =>
        from leaf in Gen.OneOf(Event(scene), Event(scene), Property(scene), MovingProperty(scene))
        from other in Event(scene)
        from isAlone in Gen.Elements(true, false)
        select isAlone ? WithoutOwnMembers(leaf) : new ConditionSpec { Any = [WithoutOwnMembers(leaf), WithoutOwnMembers(other)] };

    private static ConditionSpec WithoutOwnMembers(ConditionSpec leaf) =>
        leaf.Event is { } spec ? new ConditionSpec { Event = spec with { SinceEntering = null } } : leaf;

    private static Gen<ConditionSpec> Group(Scene scene, int levels) =>
        from word in Gen.Choose(0, 2)
        from count in Gen.Frequency((3, Gen.Choose(1, 3)), (1, Gen.Constant(4)))
        from items in Tree(scene, levels - 1).ArrayOf(count)
        select word switch
        {
            0 => new ConditionSpec { All = items },
            1 => new ConditionSpec { Any = items },
            _ => new ConditionSpec { None = items },
        };

    private static Gen<ConditionSpec> Event(Scene scene) =>
        from name in Gen.Elements(EventNames)
        from frame in Timeframe(scene)
        from tests in Where(scene)
        from aggregate in Gen.Elements(-1, 0, 1, 2, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8)
        from of in Gen.Elements("value", "value", "p")
        from distinctOf in Gen.Elements("value", "p", "tags", "day")
        from count in Comparison<ComparisonSpec>(Gen.Frequency((8, Gen.Choose(0, 4).Select(n => (decimal)n)), (1, Gen.Elements(-1m, 0.5m))))
        from different in Comparison<DistinctSpec>(Gen.Choose(0, 4).Select(n => (decimal)n))
        from number in Comparison<AggregateSpec>(Values.Number)
        select new ConditionSpec
        {
            Event = Framed(frame, new EventConditionSpec
            {
                Name = name,
                Where = tests,
                Count = aggregate is 0 or 1 ? count : null,
                Sum = aggregate == 2 ? number with { Of = of } : null,
                Avg = aggregate == 3 ? number with { Of = of } : null,
                Min = aggregate == 4 ? number with { Of = of } : null,
                Max = aggregate == 5 ? number with { Of = of } : null,
                First = aggregate == 6 ? number with { Of = of } : null,
                Last = aggregate == 7 ? number with { Of = of } : null,
                Distinct = aggregate == 8 ? different with { Of = distinctOf } : null,
            }),
        };

    // What the choice of a timeframe sets.
    private static Gen<Action<TimeframeSpec>> Timeframe(Scene scene) => Gen.Frequency(
        (2, Gen.Constant<Action<TimeframeSpec>>(_ => { })),
        (1, Gen.Constant<Action<TimeframeSpec>>(frame => frame.Ever = true)),
        (4, scene.Duration.Select<string, Action<TimeframeSpec>>(text => frame => frame.Within = text)),
        (3, scene.Ages.Select<string[], Action<TimeframeSpec>>(texts => frame => frame.Between = texts)),
        (2, scene.Date.Select<string, Action<TimeframeSpec>>(text => frame => frame.Since = text)),
        (2, scene.Date.Select<string, Action<TimeframeSpec>>(text => frame => frame.After = text)),
        (2, scene.Date.Select<string, Action<TimeframeSpec>>(text => frame => frame.Before = text)),
        (2, scene.FromTo.Select<string[], Action<TimeframeSpec>>(texts => frame => (frame.From, frame.To) = (texts[0], texts[1]))),
        (5, Scene.Phrase(ofProperty: false).Select<string, Action<TimeframeSpec>>(text => frame => frame.Calendar = text)),
        (2, Gen.Constant<Action<TimeframeSpec>>(frame => frame.SinceEntering = true)),
        (2, Gen.Elements("day", "day", "p").Select<string, Action<TimeframeSpec>>(name => frame => frame.SinceProperty = name)));

    private static T Framed<T>(Action<TimeframeSpec> frame, T spec)
        where T : TimeframeSpec
    {
        frame(spec);
        return spec;
    }

    private static Gen<T> Comparison<T>(Gen<decimal> number)
        where T : ComparisonSpec, new() =>
        from word in Gen.Frequency((3, Gen.Constant(0)), (6, Gen.Choose(1, 6)))
        from a in number
        from b in number
        select word switch
        {
            0 => new T { Eq = a },
            1 => new T { Ne = a },
            2 => new T { Gt = a },
            3 => new T { Gte = a },
            4 => new T { Lt = a },
            5 => new T { Lte = a },
            _ => new T { Between = [Math.Min(a, b), Math.Max(a, b)] },
        };

    private static Gen<IReadOnlyList<WhereSpec>?> Where(Scene scene) => Gen.Frequency(
        (5, Gen.Constant<IReadOnlyList<WhereSpec>?>(null)),
        (3, Test<WhereSpec>(scene, (spec, name) => spec.Property = name).Select(one => (IReadOnlyList<WhereSpec>?)new[] { one })),
        (1, Test<WhereSpec>(scene, (spec, name) => spec.Property = name).Two().Select(two => (IReadOnlyList<WhereSpec>?)new[] { two.Item1, two.Item2 })));
}
