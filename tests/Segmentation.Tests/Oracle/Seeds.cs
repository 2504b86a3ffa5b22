using System.Globalization;

namespace Segmentation.Tests.Oracle;

/// <summary>
/// The seeds of a random test. The environment variable SEED replays one case; TEST_LONG=1 runs twenty times as many. Without either the
/// cases are the same every time.
/// </summary>
public static class Seeds
{
    public static IEnumerable<int> Take(int first, int count)
    {
        if (Environment.GetEnvironmentVariable("SEED") is { Length: > 0 } seed)
            return [int.Parse(seed, CultureInfo.InvariantCulture)];
        return Enumerable.Range(first, Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? count * 20 : count);
    }

    /// <summary>
    /// Fails when the check finds a fault with the history, after leaving out every event without which a fault remains. Says how to run the
    /// case alone.
    /// </summary>
    /// <param name="seed">The seed of the case.</param>
    /// <param name="history">The events of the case.</param>
    /// <param name="fault">What is wrong with the case when it has these events; null when nothing is.</param>
    public static void Check(int seed, IReadOnlyList<PlainEvent> history, Func<IReadOnlyList<PlainEvent>, string?> fault)
    {
        if (fault(history) is not { } found)
            return;
        for (var i = 0; i < history.Count;)
        {
            var fewer = history.Where((_, index) => index != i).ToList();
            if (fault(fewer) is { } still)
                (history, found) = (fewer, still);
            else
                i++;
        }

        Assert.Fail($"{found}\n{string.Join("\n", history)}\nReplay with SEED={seed}.");
    }
}
