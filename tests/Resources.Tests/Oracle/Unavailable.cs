using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>What the compiler does not take yet, as features or their beginnings; the oracle leaves it out.</summary>
internal static class Unavailable
{
    private static readonly string[] Words =
    [
        "sequence", "step", "firstTime", "restarted", "regular", "stopped", "place", "sample", "profiles",
    ];

    /// <summary>Whether one of the features of the leaf is not there yet.</summary>
    public static bool Has(ConditionSpec leaf) => Features.Of(leaf).Any(Is);

    public static bool Is(string feature) => Array.Exists(Words, word => feature.StartsWith(word, StringComparison.Ordinal));
}
