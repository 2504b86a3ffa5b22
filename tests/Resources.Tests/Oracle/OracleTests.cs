using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Resources.Tests.Oracle;

/// <summary>
/// The engine against docs/conditions.md done by brute force: random conditions over random customers. A failing case is made as small as
/// it can be and printed with its seed; SEED=n runs that case alone, TEST_LONG=1 runs twenty times as many.
/// </summary>
public sealed class OracleTests
{
    private const int Cases = 24_000;

    // So often each feature is met with each answer, at least.
    private const int MetMin = 10;

    // Made smaller at most so often.
    private const int TriesMax = 2_000;

    // An equality with a random number seldom holds.
    private const int HeldMin = 3;

    // Without a fitted model nothing is predicted.
    private static readonly string[] NeverTrue = ["prediction", "churnProbability", "expectedPurchases", "predictedValue", "expectedNextOrder"];

    private static readonly Arbitrary<Case> AnyCase = Arb.From(Case.Any, Shrinking.Of);

    [Fact]
    public void Random_conditions_over_random_customers_agree_with_brute_force()
    {
        var coverage = new Coverage();
        if (Environment.GetEnvironmentVariable("SEED") is { Length: > 0 } seed)
        {
            Check(int.Parse(seed, CultureInfo.InvariantCulture), coverage).ShouldBeNull();
            return;
        }

        string? first = null;
        var count = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 20 * Cases : Cases;
        Parallel.For(1, count + 1, (n, loop) =>
        {
            if (Check(n, coverage) is not { } fault)
                return;
            Interlocked.CompareExchange(ref first, fault, null);
            loop.Stop();
        });
        first.ShouldBeNull();
        coverage.Rare(Features.All, answer: false, MetMin).ShouldBeEmpty();
        coverage.Rare(Features.All.Where(feature => !NeverTrue.Contains(feature.Split('.')[0])), answer: true, HeldMin).ShouldBeEmpty();
    }

    // What is wrong with the smallest case that can be made of this one; null when nothing is.
    private static string? Check(int seed, Coverage coverage)
    {
        string? found = null;
        var tries = 0;
        var config = Config.Quick.WithMaxTest(1).WithRunner(Silent.Runner).WithReplay(new Replay(new Rnd((ulong)seed), 50));
        FsCheck.Check.One(config, Prop.ForAll(AnyCase, it =>
        {
            // A case that shrinks for ever, or that takes a fault of the engine long to answer, is small enough after so many.
            if (++tries > TriesMax)
                return true;
            var fault = Run.Fault(it, found is null ? coverage : null);
            if (fault is not null)
                found = $"{fault}\n{it}\nReplay with SEED={seed}.";
            return fault is null;
        }));
        return found;
    }
}
