namespace Segmentation.Tests.Oracle;

public sealed class RuleOracleTests
{
    [Fact]
    public void Random_rules_over_random_histories_agree_with_brute_force()
    {
        foreach (var seed in Seeds.Take(1, 11_000))
            Check(seed, static world => world.Rule());
    }

    [Fact]
    public void The_next_change_of_an_event_leaf_is_exact()
    {
        foreach (var seed in Seeds.Take(1_000_001, 11_000))
            Check(seed, static world => world.Event());
    }

    private static void Check(int seed, Func<RandomWorld, Spec> rule)
    {
        var world = new RandomWorld(seed);
        var spec = rule(world);
        var properties = world.Properties();
        var instant = world.Instant();
        Seeds.Check(seed, world.History(), history =>
        {
            var run = new Run(spec, properties, history, seed);
            return run.Fault(instant) is { } fault ? $"{fault}: {spec}\nprofile {string.Join(", ", properties)}" : null;
        });
    }

    private sealed class Run(Spec spec, IReadOnlyDictionary<string, object> properties, IReadOnlyList<PlainEvent> history, int seed)
    {
        private readonly BruteForce oracle = new(history, properties);
        private readonly List<long> relevant = RelevantInstants.Of(spec, history);
        private readonly SegmentDefinition definition = new("segment", new Translation().Rule(spec));
        private readonly Profile profile = Deliver(properties, history, seed);
        private readonly Profile otherwise = Deliver(properties, history, seed + 1);
        private readonly Evaluation evaluation = new();

        /// <summary>Follows the next changes for a while; null when all is well.</summary>
        public string? Fault(long instant)
        {
            for (var step = 0; step < 4; step++)
            {
                var verdict = At(profile, instant);
                if (FaultOf(verdict, instant) is { } fault)
                    return $"At {instant}: {fault}";
                if (verdict.NextChangeMs == Verdict.Never)
                    return null;
                instant = verdict.NextChangeMs;
            }

            return null;
        }

        private string? FaultOf(Verdict verdict, long instant)
        {
            var expected = oracle.Holds(spec, instant);
            if (verdict.Matches != expected)
                return $"the answer is not {expected}";
            if (At(otherwise, instant) != verdict)
                return "another order of arrival gives another answer";
            var next = verdict.NextChangeMs;
            if (next <= instant)
                return $"the next change {next} is not later";
            var early = relevant.Find(u => u > instant && u < next && oracle.Holds(spec, u) != expected);
            if (early != 0)
                return $"it changes at {early} already, not at {next}";
            if (next == Verdict.Never)
                return null;
            if (spec is EventSpec && oracle.Holds(spec, next) == expected)
                return $"it does not change at {next}";
            var wrong = Array.Find([next - 1, next, next + 1], near => At(profile, near).Matches != oracle.Holds(spec, near));
            return wrong == 0 ? null : $"the answer is wrong at {wrong}, near the next change";
        }

        private Verdict At(Profile who, long instant)
        {
            evaluation.Begin(who, instant);
            return evaluation.Evaluate(definition);
        }

        private static Profile Deliver(IReadOnlyDictionary<string, object> properties, IReadOnlyList<PlainEvent> history, int seed)
        {
            var someone = new Profile("someone") { Properties = Translation.Bag(properties) };
            foreach (var e in RandomWorld.Deliver(history, seed))
                someone.Add(Translation.Event(e, someone.Id));
            return someone;
        }
    }
}
