using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Operator.Tests.Audiences;

/// <summary>One segment's memberships, written with the scripts that partitions write them with.</summary>
internal sealed class SegmentData(RedisConnection redis, WorkspaceRegistry registry, string workspace, string segment, int partitions)
{
    private readonly PartitionStore[] _stores = [.. Enumerable.Range(0, partitions).Select(p => new PartitionStore(redis, workspace, p))];
    private readonly OwnerState[] _owners = new OwnerState[partitions];
    private string _revision = "";
    private long _clockMs = 1_700_000_000_000;

    public HashSet<string> Members { get; } = [];

    /// <summary>Whether nobody hears of commits any more.</summary>
    public bool IsMute { get; set; }

    /// <summary>Makes a revision with these members the serving one, and says for which audiences commits write the outbox.</summary>
    public async Task ServeAsync(string revision, IEnumerable<string> members, params string[] audiences)
    {
        for (var p = 0; p < partitions; p++) _owners[p] = (await _stores[p].AcquireAsync("test", await _stores[p].OwnerAsync()))!;
        _revision = revision;
        foreach (var inPartition in members.GroupBy(PartitionOf))
        {
            var batch = new CommitBatch();
            foreach (var profile in inPartition) Membership(batch, profile, isMember: true, FlipAudience.None, FlipCause.Edit);
            await CommitAsync(inPartition.Key, batch);
        }
        for (var p = 0; p < partitions; p++)
            await _stores[p].ActivateAsync(_owners[p].Epoch, segment, revision, _clockMs, tellAudiences: audiences.Length > 0, FlipCause.Initial);
        await TellAsync(audiences);
        var catalogs = new CatalogStore(redis);
        var before = await catalogs.OpenAsync(workspace);
        var entry = new SegmentEntry(new SegmentRevision(
            revision, 1, new Dictionary<string, SegmentSpec>(), new Dictionary<string, RfmPolicySpec>(), new Dictionary<string, string>()));
        await catalogs.WriteAsync(workspace, before, before with { Segments = new Dictionary<string, SegmentEntry>(before.Segments) { [segment] = entry } });
    }

    /// <summary>From now on commits write the outbox for these audiences.</summary>
    public async Task TellAsync(params string[] audiences)
    {
        for (var p = 0; p < partitions; p++)
        {
            var batch = new CommitBatch();
            batch.SetOwnerField(OwnerState.AudiencePrefix + segment, audiences.Length == 0 ? null : string.Join(' ', audiences));
            await CommitAsync(p, batch);
            Signal(p);
        }
    }

    public Task JoinAsync(string profile, FlipCause cause = FlipCause.Event) => FlipAsync(profile, isMember: true, cause);

    public Task LeaveAsync(string profile, FlipCause cause = FlipCause.Event) => FlipAsync(profile, isMember: false, cause);

    /// <summary>Drops the members and tells the outbox.</summary>
    public async Task DeleteAsync()
    {
        for (var p = 0; p < partitions; p++)
        {
            await _stores[p].ActivateAsync(_owners[p].Epoch, segment, revision: null, ++_clockMs, tellAudiences: true, FlipCause.Deletion);
            Signal(p);
        }
        Members.Clear();
    }

    public int PartitionOf(string profile) => PartitionHash.Of(profile, partitions);

    private async Task FlipAsync(string profile, bool isMember, FlipCause cause)
    {
        var batch = new CommitBatch();
        Membership(batch, profile, isMember, FlipAudience.Outbox, cause);
        await CommitAsync(PartitionOf(profile), batch);
        Signal(PartitionOf(profile));
    }

    private void Signal(int partition)
    {
        if (!IsMute) registry.MembershipChanged(workspace, segment, partition);
    }

    private void Membership(CommitBatch batch, string profile, bool isMember, FlipAudience audience, FlipCause cause)
    {
        batch.SetMembership(segment, _revision, profile, isMember, ++_clockMs, audience, countsInFlow: false, cause, joinedAtFrom: null);
        if (isMember) Members.Add(profile);
        else Members.Remove(profile);
    }

    private async Task CommitAsync(int partition, CommitBatch batch)
    {
        var owner = _owners[partition];
        await _stores[partition].CommitAsync(batch, owner.Epoch, owner.Sequence, owner.Offset, owner.Offset, _clockMs);
        _owners[partition] = owner with { Sequence = owner.Sequence + 1 };
    }
}
