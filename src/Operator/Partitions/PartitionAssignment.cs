using System.Globalization;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Which replica each partition of a workspace belongs to: the one that draws the highest number for it (rendezvous hashing). All who see the same
/// replicas agree without a word, and one that comes or goes moves its own share and nothing else.
/// </summary>
internal sealed class PartitionAssignment
{
    private readonly string[] _owners;

    public PartitionAssignment(string workspace, int partitions, IReadOnlyList<string> replicas)
    {
        Replicas = replicas;
        _owners = replicas.Count == 0 ? [] : [.. Enumerable.Range(0, partitions).Select(p => replicas.MaxBy(replica => (Draw(workspace, p, replica), replica))!)];
    }

    public IReadOnlyList<string> Replicas { get; }

    /// <summary>Whether the partition belongs to this replica; false when there is none at all.</summary>
    public bool IsOwner(string replica, int partition) => _owners.Length > 0 && _owners[partition] == replica;

    private static ulong Draw(string workspace, int partition, string replica) =>
        PartitionHash.Hash(string.Create(CultureInfo.InvariantCulture, $"{workspace}/{partition} {replica}"));
}
