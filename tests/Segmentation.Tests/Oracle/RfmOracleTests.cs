namespace Segmentation.Tests.Oracle;

public sealed class RfmOracleTests
{
    [Fact]
    public void Random_policies_over_random_histories_agree_with_brute_force()
    {
        foreach (var seed in Seeds.Take(2_000_001, 9_000))
        {
            var world = new RandomWorld(seed);
            var policy = world.Policy();
            var instant = world.Instant();
            Seeds.Check(seed, world.History(), history => new Run(policy, history, seed).Fault(instant) is { } fault ? $"{fault}: {policy}" : null);
        }
    }

    private sealed class Run(PolicySpec policy, IReadOnlyList<PlainEvent> history, int seed)
    {
        private readonly BruteForce oracle = new(history);
        private readonly List<long> relevant = RelevantInstants.Of(policy, history);
        private readonly RfmPolicyDefinition definition = Translation.Policy(policy);
        private readonly Evaluation evaluation = new();

        /// <summary>Follows the next changes for a while; null when all is well.</summary>
        public string? Fault(long instant)
        {
            var profile = new Profile("someone");
            foreach (var e in RandomWorld.Deliver(history, seed))
                profile.Add(Translation.Event(e, profile.Id));
            for (var step = 0; step < 6; step++)
            {
                evaluation.Begin(profile, instant);
                var score = evaluation.Score(definition);
                if (FaultOf(score, instant) is { } fault)
                    return $"At {instant}: {fault}";
                if (score.NextChangeMs == Verdict.Never)
                    return null;
                instant = score.NextChangeMs;
            }

            return null;
        }

        private string? FaultOf(RfmScore score, long instant)
        {
            var expected = oracle.Score(policy, instant);
            var plain = (score.Recency, score.Frequency, score.Monetary, score.Tier, score.LastPurchaseMs, score.Purchases, score.Spent, score.FrequencyValue, score.MonetaryValue);
            if (plain != expected)
                return $"{plain} instead of {expected}";
            if (score.NextChangeMs <= instant)
                return $"the next change {score.NextChangeMs} is not later";
            var early = relevant.Find(u => u > instant && u < score.NextChangeMs && oracle.Score(policy, u) != expected);
            return early == 0 ? null : $"it changes at {early} already, not at {score.NextChangeMs}";
        }
    }
}
