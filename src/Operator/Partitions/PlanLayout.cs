using System.Collections.Frozen;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Which revisions of segments and policies a plan has, in which order. Plans that differ in nothing else, as by new break points, have one and the same:
/// what profiles in memory know by its indexes goes on as it is.
/// </summary>
internal sealed class PlanLayout
{
    private readonly FrozenDictionary<string, int> _segments;
    private readonly FrozenDictionary<string, int> _policies;

    private PlanLayout(IReadOnlyList<string> segments, IReadOnlyList<string> policies)
    {
        Segments = segments;
        Policies = policies;
        _segments = Enumerable.Range(0, segments.Count).ToFrozenDictionary(i => segments[i]);
        _policies = Enumerable.Range(0, policies.Count).ToFrozenDictionary(i => policies[i]);
    }

    /// <summary>By <see cref="TrackedSegment.PassKey"/>.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>By <see cref="TrackedPolicy.PassKey"/>.</summary>
    public IReadOnlyList<string> Policies { get; }

    /// <returns>The former one if it is the same.</returns>
    public static PlanLayout Of(PlanLayout? former, IReadOnlyList<string> segments, IReadOnlyList<string> policies) =>
        former is not null && former.Segments.SequenceEqual(segments) && former.Policies.SequenceEqual(policies) ? former : new PlanLayout(segments, policies);

    /// <returns>Null for none.</returns>
    public int? IndexOfSegment(string passKey) => _segments.TryGetValue(passKey, out var index) ? index : null;

    /// <returns>Null for none.</returns>
    public int? IndexOfPolicy(string passKey) => _policies.TryGetValue(passKey, out var index) ? index : null;
}
