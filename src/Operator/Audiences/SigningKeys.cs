using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Segmentation.Operator.Audiences;

/// <summary>The keys that deliveries are signed with, each as Standard Webhooks writes it: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
internal sealed class SigningKeys
{
    private const string Prefix = "whsec_";
    private const int BytesMin = 24;
    private const int BytesMax = 64;
    private const string Cure = "make one with: echo \"whsec_$(openssl rand -base64 32)\"";

    private readonly byte[][] _keys;

    private SigningKeys(byte[][] keys) => _keys = keys;

    /// <summary>
    /// Reads one or more secrets separated by white space; while a secret is being replaced there are two, and deliveries carry a signature of each.
    /// </summary>
    /// <param name="error">What is wrong and how to mend it, without any part of the value.</param>
    public static bool TryParse(ReadOnlySpan<byte> value, out SigningKeys? keys, out string error)
    {
        keys = null;
        error = "";
        var words = Encoding.UTF8.GetString(value).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) error = "is empty; " + Cure;
        var parsed = new byte[words.Length][];
        for (var i = 0; i < words.Length && error.Length == 0; i++)
        {
            var place = words.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"entry {i + 1} of {words.Length} ");
            if (!words[i].StartsWith(Prefix, StringComparison.Ordinal))
                error = $"{place}does not begin with {Prefix}; {Cure}";
            else if (!TryDecode(words[i].AsSpan(Prefix.Length), out parsed[i]))
                error = $"{place}is not base64 after {Prefix}; {Cure}";
            else if (parsed[i].Length is < BytesMin or > BytesMax)
                error = string.Create(CultureInfo.InvariantCulture, $"{place}holds {parsed[i].Length} bytes instead of {BytesMin} to {BytesMax}; {Cure}");
        }
        if (error.Length == 0) keys = new SigningKeys(parsed);
        return error.Length == 0;
    }

    /// <summary>The header <c>webhook-signature</c>: one <c>v1</c> signature per key, separated by spaces.</summary>
    public string Sign(string id, long timestampSeconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestampSeconds}.")), .. body];
        return string.Join(' ', _keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }

    private static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64.IsValid(text, out var length)) return false;
        bytes = new byte[length];
        return Convert.TryFromBase64Chars(text, bytes, out _);
    }
}
