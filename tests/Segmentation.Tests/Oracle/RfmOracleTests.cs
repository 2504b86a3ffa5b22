namespace Segmentation.Tests.Oracle;

public sealed class RfmOracleTests
{
    [Fact]
    public void Random_policies_over_random_histories_agree_with_brute_force()
    {
        foreach (var seed in Seeds.Take(9_000).Select(static seed => seed + 2_000_000))
            Check(seed);
    }

    private static void Check(int seed)
    {
        var world = new RandomWorld(seed);
        var history = world.History();
        var policy = world.Policy();
        var oracle = new BruteForce(history, world.Properties());
        var definition = new Translation().Policy(policy);
        var profile = new Profile("someone");
        foreach (var e in world.Deliver(history))
            profile.Add(Translation.Event(e, profile.Id));
        var relevant = RelevantInstants.Of(policy, history);
        var evaluation = new Evaluation();
        var instant = world.Instant();
        for (var step = 0; step < 6; step++)
        {
            string Explain(string what) => Seeds.Replay(seed, $"{what} at {instant}: {policy}\n{string.Join("\n", history)}");
            evaluation.Begin(profile, instant);
            var score = evaluation.Score(definition);
            var expected = oracle.Score(policy, instant);
            if (Plain(score) != expected)
                Assert.Fail(Explain($"{score} instead of {expected}"));
            if (score.NextChangeMs <= instant)
                Assert.Fail(Explain("the next change is not later"));
            var late = relevant.Find(u => u > instant && u < score.NextChangeMs && oracle.Score(policy, u) != expected);
            if (late != 0)
                Assert.Fail(Explain($"changes at {late} already, not at {score.NextChangeMs}"));
            if (score.NextChangeMs == Verdict.Never)
                return;
            instant = score.NextChangeMs;
        }
    }

    private static (int R, int F, int M, string? Tier, long Last, int Purchases, decimal Spent) Plain(RfmScore score) =>
        (score.Recency, score.Frequency, score.Monetary, score.Tier, score.LastPurchaseMs, score.Purchases, score.Spent);
}
