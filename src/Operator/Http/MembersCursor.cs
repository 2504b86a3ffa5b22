using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Segmentation.Operator.Http;

/// <summary>A member's place in the order: joined-at, then partition, then profile id in byte order.</summary>
internal sealed record MembersCursor(long JoinedAtMs, int Partition, string ProfileId)
{
    /// <summary>Opaque text for a URL.</summary>
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{JoinedAtMs} {Partition} {ProfileId}")));

    public static bool TryParse(string text, out MembersCursor? cursor)
    {
        cursor = null;
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ', 3);
            if (parts.Length != 3
                || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var joinedAtMs)
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)) return false;
            cursor = new MembersCursor(joinedAtMs, partition, parts[2]);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
