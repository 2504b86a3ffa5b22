using Segmentation.Operator.Http;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Audiences;

/// <summary>Adds to changes what an RfmPolicy says of the profiles that entered: the same that the profile API gives.</summary>
internal sealed class AudienceRfm(RedisConnection redis, ServingViews views, BusinessClock clock)
{
    // Profiles are read with all their events: not more of them at once than a page of any other reader.
    private const int ProfilesAtOnce = 500;

    /// <returns>The changes in their order; null while the workspace serves no such policy.</returns>
    /// <exception cref="StoreUnavailableException">Redis did not answer.</exception>
    public Task<IReadOnlyList<AudienceChange>?> AddAsync(string workspace, string policy, IReadOnlyList<AudienceChange> changes) =>
        views.ReadAsync(workspace, async view =>
        {
            if (view.Policies.FirstOrDefault(p => p.Name == policy) is not { } definition) return null;
            var items = new Dictionary<string, RfmItem>();
            foreach (var ids in changes.Where(change => change.Added).Select(change => change.ProfileId).Distinct().Chunk(ProfilesAtOnce))
            {
                var loads = ids.GroupBy(id => PartitionHash.Of(id, view.Partitions))
                    .Select(inPartition => new PartitionStore(redis, workspace, inPartition.Key).LoadAsync([.. inPartition], []));
                foreach (var stored in (await Task.WhenAll(loads)).SelectMany(profiles => profiles).Where(stored => stored.Exists))
                    items[stored.Profile.Id] = Of(stored, definition, clock.NowMs);
            }
            return (IReadOnlyList<AudienceChange>?)[.. changes.Select(change => change.Added ? change with { Rfm = items.GetValueOrDefault(change.ProfileId) } : change)];
        });

    private static RfmItem Of(StoredProfile stored, RfmPolicyDefinition policy, long atMs)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(stored.Profile, atMs);
        return RfmItems.Of(policy, evaluation, stored.Tiers);
    }
}
