using System.Globalization;
using System.Runtime.ExceptionServices;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>
/// Whole installations in one thread, by chance from a seed: every failure names its seed and shows its last steps, and SEED replays it. TEST_LONG=1
/// takes a million steps.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int StepsPerSeed = 2_000;
    private const int StepsBetweenSettling = 500;

    private static readonly int StepsWanted = Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? 1_000_000 : 100_000;

    [Fact]
    public void Whatever_is_lost_late_doubled_or_crashes_the_store_holds_what_follows_from_the_log() => OnOneThread(() =>
    {
        long steps = 0, commits = 0, refused = 0, brought = 0;
        foreach (var seed in Seeds.Take(StepsWanted / StepsPerSeed))
        {
            using var world = Run(seed, StepsPerSeed);
            (steps, commits, refused) = (steps + world.Steps, commits + world.Watch.Commits, refused + world.Watch.Refused);
            brought += world.Watch.Brought;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{steps} steps, {commits} commits, {refused} refused, {brought} events without the log"));
        commits.ShouldBeGreaterThan(steps / 100, "what is sent is applied");
        brought.ShouldBeGreaterThan(steps / 100, "owners commit what is brought to them");
        if (steps >= StepsWanted) refused.ShouldBeGreaterThan(0, "replicas took partitions from each other");
    });

    [Fact]
    public void The_same_seed_takes_the_same_steps() => OnOneThread(() =>
    {
        foreach (var seed in Seeds.Take(2))
        {
            using var first = Run(seed, StepsBetweenSettling);
            using var second = Run(seed, StepsBetweenSettling);
            output.WriteLine($"SEED={seed}: {first.Trace.Hash}");
            second.Trace.Hash.ShouldBe(first.Trace.Hash, $"SEED={seed}");
        }
    });

    private static SimulatedWorld Run(int seed, int steps)
    {
        SimulatedWorld? world = null;
        try
        {
            world = new SimulatedWorld(seed);
            for (var settles = StepsBetweenSettling; settles <= steps; settles += StepsBetweenSettling)
            {
                while (world.Steps < settles) world.Step();
                world.Settle();
            }
            return world;
        }
        catch (Exception e)
        {
            throw new SimulationFailedException($"SEED={seed} step {world?.Steps}: {e.Message}\n{world?.Trace}", e);
        }
    }

    // Where no continuation can be handed to another thread.
    private static void OnOneThread(Action work)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private sealed class SimulationFailedException(string message, Exception inner) : Exception(message, inner);
}
