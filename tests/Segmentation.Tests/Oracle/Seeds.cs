using System.Globalization;

namespace Segmentation.Tests.Oracle;

/// <summary>
/// The seeds of a random test. The environment variable SEED replays one case; TEST_LONG=1 runs twenty times as many. Without either the
/// cases are the same every time.
/// </summary>
public static class Seeds
{
    public static IEnumerable<int> Take(int count)
    {
        if (Environment.GetEnvironmentVariable("SEED") is { Length: > 0 } seed)
            return [int.Parse(seed, CultureInfo.InvariantCulture)];
        return Enumerable.Range(1, Environment.GetEnvironmentVariable("TEST_LONG") == "1" ? count * 20 : count);
    }

    /// <summary>Says how to run the failing case alone.</summary>
    public static string Replay(int seed, string what) => $"{what}\nReplay with SEED={seed}.";
}
