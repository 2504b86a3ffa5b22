namespace Segmentation.Tests.Oracle;

public sealed class RuleOracleTests
{
    [Fact]
    public void Random_rules_over_random_histories_agree_with_brute_force()
    {
        foreach (var seed in Seeds.Take(11_000))
        {
            var world = new RandomWorld(seed);
            Check(seed, world, world.Rule());
        }
    }

    [Fact]
    public void The_next_change_of_an_event_leaf_is_exact()
    {
        foreach (var seed in Seeds.Take(11_000).Select(static seed => seed + 1_000_000))
        {
            var world = new RandomWorld(seed);
            Check(seed, world, world.Event());
        }
    }

    private static void Check(int seed, RandomWorld world, Spec spec)
    {
        var history = world.History();
        var properties = world.Properties();
        var oracle = new BruteForce(history, properties);
        var engine = new EngineRun(spec, world.Deliver(history), properties);
        var again = new EngineRun(spec, world.Deliver(history), properties);
        var relevant = RelevantInstants.Of(spec, history);
        var instant = world.Instant();
        for (var step = 0; step < 4; step++)
        {
            string Explain(string what) =>
                Seeds.Replay(seed, $"{what} at {instant}: {spec}\nprofile {string.Join(", ", properties)}\n{string.Join("\n", history)}");
            var verdict = engine.At(instant);
            var expected = oracle.Holds(spec, instant);
            if (verdict.Matches != expected)
                Assert.Fail(Explain($"expected {expected}"));
            if (again.At(instant) is var other && (other.Matches, other.NextChangeMs) != (verdict.Matches, verdict.NextChangeMs))
                Assert.Fail(Explain("another order of arrival gives another answer"));
            if (verdict.NextChangeMs <= instant)
                Assert.Fail(Explain($"the next change {verdict.NextChangeMs} is not later"));
            var late = relevant.Find(u => u > instant && u < verdict.NextChangeMs && oracle.Holds(spec, u) != expected);
            if (late != 0)
                Assert.Fail(Explain($"changes at {late} already, not at {verdict.NextChangeMs}"));
            if (verdict.NextChangeMs == Verdict.Never)
                return;
            if (spec is EventSpec && oracle.Holds(spec, verdict.NextChangeMs) == expected)
                Assert.Fail(Explain($"does not change at {verdict.NextChangeMs}"));
            foreach (var near in (long[])[verdict.NextChangeMs - 1, verdict.NextChangeMs, verdict.NextChangeMs + 1])
            {
                if (engine.At(near).Matches != oracle.Holds(spec, near))
                    Assert.Fail(Explain($"wrong at {near}, near the next change"));
            }

            instant = verdict.NextChangeMs;
        }
    }

    private sealed class EngineRun
    {
        private readonly SegmentDefinition definition;
        private readonly Profile profile = new("someone");
        private readonly Evaluation evaluation = new();

        public EngineRun(Spec spec, IEnumerable<PlainEvent> delivered, IReadOnlyDictionary<string, object> properties)
        {
            definition = new SegmentDefinition("segment", new Translation().Rule(spec));
            profile.Properties = Translation.Bag(properties);
            foreach (var e in delivered)
                profile.Add(Translation.Event(e, profile.Id));
        }

        public Verdict At(long instant)
        {
            evaluation.Begin(profile, instant);
            return evaluation.Evaluate(definition);
        }
    }
}
