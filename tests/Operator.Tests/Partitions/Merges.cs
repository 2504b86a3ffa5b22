using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>
/// For whom the events of each profile count in the end, worked out from all merges at once: every profile is merged at most once, and of those that
/// were merged into each other in a circle the first by its id is the one.
/// </summary>
internal sealed class Merges(IEnumerable<ProfileMerge> merges)
{
    private readonly Dictionary<string, string> _into = merges.Where(m => m.ProfileId != m.Into).DistinctBy(m => m.ProfileId).ToDictionary(m => m.ProfileId, m => m.Into);

    public static Merges Of(IEnumerable<Acknowledged> acknowledged) => new(acknowledged.Select(a => a.Merge).OfType<ProfileMerge>());

    /// <summary>Those that count for others.</summary>
    public IEnumerable<string> Sources => _into.Keys.Where(id => TargetOf(id) != id);

    public string TargetOf(string id)
    {
        var seen = new List<string> { id };
        while (_into.TryGetValue(seen[^1], out var next))
        {
            if (seen.IndexOf(next) is >= 0 and var circle) return seen.Skip(circle).Min(StringComparer.Ordinal)!;
            seen.Add(next);
        }
        return seen[^1];
    }

    public Profile ProfileOf(string id, Dictionary<string, Profile> profiles)
    {
        var target = TargetOf(id);
        if (!profiles.TryGetValue(target, out var profile)) profiles[target] = profile = new Profile(target);
        return profile;
    }
}
