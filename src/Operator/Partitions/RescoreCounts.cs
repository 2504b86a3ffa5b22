using System.Globalization;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>How many profiles of one partition were evaluated for a policy's present break points, and how many changed tier by that. Outlives its owner.</summary>
internal sealed class RescoreCounts
{
    private readonly Dictionary<string, RescoreCount> _byPolicy = [];

    public void Load(IReadOnlyDictionary<string, string> fields)
    {
        _byPolicy.Clear();
        foreach (var (policy, text) in fields) _byPolicy[policy] = RescoreCount.Parse(text);
    }

    /// <summary>Counts profiles that a pass over the affected policies has evaluated.</summary>
    /// <param name="moved">By policy, how many of them changed tier.</param>
    public void Add(WorkspacePlan plan, Affected affected, int profiles, IReadOnlyDictionary<string, int> moved, CommitBatch batch)
    {
        foreach (var policy in affected.Policies.Select(index => plan.Policies[index]).Where(policy => policy.IsServing))
        {
            var before = _byPolicy.GetValueOrDefault(policy.Name);
            if (before.PassId != policy.PassId) before = new RescoreCount(policy.PassId, 0, 0);
            else if (profiles == 0) continue;
            var now = before with { Rescored = before.Rescored + profiles, Moved = before.Moved + moved.GetValueOrDefault(policy.Name) };
            _byPolicy[policy.Name] = now;
            batch.SetOwnerField(OwnerState.RescoredPrefix + policy.Name, now.ToString());
        }
    }

    /// <summary>Forgets the policies that are gone.</summary>
    public void Keep(WorkspacePlan plan, CommitBatch batch)
    {
        foreach (var policy in _byPolicy.Keys.Except(plan.Policies.Select(p => p.Name)).ToArray())
        {
            _byPolicy.Remove(policy);
            batch.SetOwnerField(OwnerState.RescoredPrefix + policy, null);
        }
    }
}

/// <param name="PassId">Names the break points.</param>
/// <param name="Rescored">Profiles evaluated.</param>
/// <param name="Moved">Those among them that changed tier.</param>
internal readonly record struct RescoreCount(string? PassId, long Rescored, long Moved)
{
    public static RescoreCount Parse(string text)
    {
        var parts = text.Split(' ');
        return new RescoreCount(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{PassId} {Rescored} {Moved}");
}
