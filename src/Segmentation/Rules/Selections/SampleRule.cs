using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Segmentation;

/// <summary>
/// Holds for a stable random share of all profiles. A profile's place, 0.00 to 99.99, is the first eight bytes, big-endian, of SHA-256 over
/// the UTF-8 bytes of the salt, a line feed and the profile's id, modulo 10,000, divided by 100: anyone can compute it, and other salts
/// give independent places.
/// </summary>
public sealed class SampleRule : Rule
{
    private const int Places = 10_000;

    // Room for any salt and id that a definition and an event may have.
    private const int BytesOnStackMax = 2048;

    private readonly byte[] prefix;
    private readonly string salt;
    private readonly int from;
    private readonly int to;

    /// <param name="salt">Not empty.</param>
    /// <param name="fromPercent">Included; 0 to 100 with at most two decimals, below <paramref name="toPercent"/>.</param>
    /// <param name="toPercent">Not included; likewise.</param>
    /// <exception cref="ArgumentException">The bounds are others.</exception>
    public SampleRule(string salt, decimal fromPercent, decimal toPercent)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        this.salt = salt;
        prefix = Encoding.UTF8.GetBytes(salt + "\n");
        from = PlaceOf(fromPercent, nameof(fromPercent));
        to = PlaceOf(toPercent, nameof(toPercent));
        if (from >= to)
            throw new ArgumentException("The lower bound must lie below the upper one.", nameof(toPercent));
    }

    public override string Key => "sample";

    public override Verdict Evaluate(Evaluation e)
    {
        var place = Place(e.Profile.Id);
        return new Verdict(place >= from && place < to, Verdict.Never, this);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{from / 100m:0.##} to {to / 100m:0.##} percent, salt {salt}");

    private protected override string Finding(Evaluation e) => string.Create(CultureInfo.InvariantCulture, $"at {Place(e.Profile.Id) / 100m:0.00}");

    // Of the id alone, which never changes.
    internal override void CollectDependencies(RuleDependencies.Collector into)
    {
    }

    // In hundredths of a percent.
    private int Place(string id)
    {
        var size = prefix.Length + Encoding.UTF8.GetByteCount(id);
        var text = size <= BytesOnStackMax ? stackalloc byte[BytesOnStackMax] : new byte[size];
        prefix.CopyTo(text);
        Encoding.UTF8.GetBytes(id, text[prefix.Length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..size], hash);
        return (int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % Places);
    }

    private static int PlaceOf(decimal percent, string name)
    {
        if (percent is < 0 or > 100 || percent * 100 != decimal.Truncate(percent * 100))
            throw new ArgumentException("A bound must lie between 0 and 100 and have at most two decimals.", name);
        return (int)(percent * 100);
    }
}
