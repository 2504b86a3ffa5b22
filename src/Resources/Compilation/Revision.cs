using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Segmentation.Resources;

/// <summary>Short names for definitions: equal for specs that mean the same members, however numbers are padded.</summary>
internal static class Revision
{
    private const int HexDigits = 16;

    public static string OfPolicy(RfmPolicySpec spec)
    {
        var tiers = spec.Tiers.List is null ? spec.Tiers with { Preset = spec.Tiers.Preset ?? RfmTierPreset.Classic } : spec.Tiers;
        var meaning = spec with { Suspend = false, Predictions = null, Scoring = spec.Scoring with { RecomputeEvery = null }, Tiers = tiers };


        // Of 0.1.0, which had other shares for numbers of scores other than its table's.
        var isRounded = tiers.Preset == RfmTierPreset.Lifecycle && spec.Scoring.Scores != RfmTiers.Lifecycle.Scores;
        return Hash("policy", JsonSerializer.SerializeToUtf8Bytes(meaning, CanonicalJson.Default.RfmPolicySpec), isRounded ? ["lifecycle in rounded shares"] : []);
    }

    /// <summary>Stands for what the segment's spec says itself, without what it refers to.</summary>
    public static string OfOwn(SegmentSpec spec)
    {
        var meaning = new SegmentSpec { TimeZone = spec.TimeZone, WeekStartsOn = spec.WeekStartsOn, Match = spec.Match };
        return Hash("segment", JsonSerializer.SerializeToUtf8Bytes(meaning, CanonicalJson.Default.SegmentSpec), []);
    }

    /// <param name="own">See <see cref="OfOwn"/>.</param>
    /// <param name="references">Kind, name and revision of everything that the rule refers to directly.</param>
    public static string OfSegment(string own, IEnumerable<string> references) => Hash("references", Encoding.UTF8.GetBytes(own), references);

    private static string Hash(string kind, byte[] spec, IEnumerable<string> references)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(kind));
        Append(hash, spec);
        foreach (var reference in references.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            Append(hash, Encoding.UTF8.GetBytes(reference));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HexDigits];
    }

    // The length in front keeps "ab" + "c" and "a" + "bc" apart.
    private static void Append(IncrementalHash hash, byte[] part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}

/// <summary>Writes a number without trailing zeros, so that <c>200.50</c> and <c>200.5</c> are the same.</summary>
internal sealed class NormalizedDecimalJsonConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(ExactNumber.Normalized(value));
}

/// <summary>Specs as they are hashed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(NormalizedDecimalJsonConverter)])]
[JsonSerializable(typeof(SegmentSpec))]
[JsonSerializable(typeof(ConditionSpec))]
[JsonSerializable(typeof(RfmPolicySpec))]
internal sealed partial class CanonicalJson : JsonSerializerContext;
