using System.Globalization;

namespace Segmentation.Operator.Tests;

/// <summary>The seeds of random tests: SEED replays one; a failing test names the seed that it ran with.</summary>
internal static class Seeds
{
    public static IEnumerable<int> Take(int count) =>
        Environment.GetEnvironmentVariable("SEED") is { Length: > 0 } text
            ? [int.Parse(text, CultureInfo.InvariantCulture)]
            : Enumerable.Range(Random.Next(1_000_000), count);

    private static Random Random { get; } = new();
}
