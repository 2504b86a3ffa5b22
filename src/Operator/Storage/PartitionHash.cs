using System.Text;

namespace Segmentation.Operator.Storage;

/// <summary>Which partition a profile lives in. Part of the stored format: changing it would orphan every profile.</summary>
internal static class PartitionHash
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>FNV-1a over the UTF-8 bytes, finished with the MurmurHash3 mixer so that the low bits are even for sequential ids.</summary>
    public static int Of(string profileId, int partitions) => (int)(Hash(profileId) % (ulong)partitions);

    /// <summary>The same number in every process and version.</summary>
    public static ulong Hash(string text)
    {
        Span<byte> buffer = stackalloc byte[1024];
        ReadOnlySpan<byte> bytes = Encoding.UTF8.TryGetBytes(text, buffer, out var written)
            ? buffer[..written]
            : Encoding.UTF8.GetBytes(text);
        var hash = OffsetBasis;
        foreach (var b in bytes) hash = (hash ^ b) * Prime;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
