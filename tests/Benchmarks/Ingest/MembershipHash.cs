using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>A hash of a set of memberships that does not depend on their order: their number, and the sum of the hashes of each.</summary>
internal sealed class MembershipHash
{
    private UInt128 _sum;
    private long _count;

    public void Add(string segment, string profileId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{segment}\n{profileId}"), hash);
        _sum += BinaryPrimitives.ReadUInt128BigEndian(hash);
        _count++;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_count}-{_sum:x32}");
}
