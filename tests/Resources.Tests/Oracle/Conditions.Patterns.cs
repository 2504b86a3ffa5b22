using FsCheck;
using FsCheck.Fluent;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

internal static partial class Conditions
{
    private static Gen<ConditionSpec> Sequence(Scene scene) =>
        from count in Gen.Frequency((5, Gen.Constant(2)), (4, Gen.Constant(3)), (2, Gen.Constant(4)), (1, Gen.Constant(6)))
        from steps in Step(scene).ArrayOf(count)
        from frame in Timeframe(scene)
        from completed in Optional(scene.Duration, 1, 2)
        select new ConditionSpec { Sequence = Framed(frame, new SequenceConditionSpec { Steps = InPlace(steps), CompletedWithin = completed }) };

    private static Gen<SequenceStepSpec> Step(Scene scene) =>
        from name in Gen.Elements(EventNames)
        from tests in Where(scene)
        from within in Optional(scene.Duration, 1, 1)
        from absent in Gen.Frequency((2, Gen.Constant<bool?>(null)), (1, Gen.Constant<bool?>(true)))
        select new SequenceStepSpec { Event = name, Where = tests, Within = within, Absent = absent };

    // The first step is not absent and has nothing before it; an absent one that is not the last has no duration.
    private static SequenceStepSpec[] InPlace(SequenceStepSpec[] steps) => steps.Select((step, i) =>
        i == 0 ? step with { Absent = null, Within = null }
        : step.Absent == true && i < steps.Length - 1 ? step with { Within = null }
        : step).ToArray();

    private static Gen<ConditionSpec> FirstTime(Scene scene) =>
        from name in Gen.Elements(EventNames)
        from tests in Where(scene)
        from lookback in Optional(scene.Duration, 1, 1)
        from frame in Timeframe(scene)
        select new ConditionSpec { FirstTime = Framed(frame, new FirstTimeConditionSpec { Event = name, Where = tests, Lookback = lookback }) };

    private static Gen<ConditionSpec> Restarted(Scene scene) =>
        from name in Gen.Elements(EventNames)
        from tests in Where(scene)
        from silent in scene.Duration
        from frame in Timeframe(scene)
        select new ConditionSpec { Restarted = Framed(frame, new RestartedConditionSpec { Event = name, Where = tests, SilentFor = silent }) };

    private static Gen<ConditionSpec> Regular(Scene scene) => Regularity<RegularConditionSpec>(scene).Select(spec => new ConditionSpec { Regular = spec });

    private static Gen<ConditionSpec> Stopped(Scene scene) =>
        from spec in Regularity<StoppedConditionSpec>(scene)
        from silent in scene.Duration
        select new ConditionSpec { Stopped = spec with { SilentFor = silent } };

    private static Gen<T> Regularity<T>(Scene scene)
        where T : RegularConditionSpec, new() =>
        from name in Gen.Elements(EventNames)
        from tests in Where(scene)
        from of in Gen.Frequency((5, Gen.Choose(1, 5)), (1, Gen.Choose(6, 60)))
        from atLeast in Gen.Frequency((1, Gen.Constant(1)), (1, Gen.Constant(2)), (1, Gen.Choose(1, 60)))
        from period in Gen.OneOf(scene.Duration, Gen.Elements("day", "week", "month", "quarter", "year"))
        select new T { Event = name, Where = tests, OfLast = of, AtLeast = Math.Min(atLeast, of), Period = period };

    private static Gen<string?> Optional(Gen<string> text, int with, int without) =>
        Gen.Frequency((with, text.Select(t => (string?)t)), (without, Gen.Constant<string?>(null)));
}
