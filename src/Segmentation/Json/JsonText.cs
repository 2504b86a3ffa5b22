using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Segmentation;

/// <summary>Reading texts of events and property bags; a text that is not Unicode is an answer here, not an exception.</summary>
internal static class JsonText
{
    private const int EchoLength = 40;

    /// <summary>False when the text under the reader has broken UTF-8 or a lone surrogate.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, bool name, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (reader.ValueIsEscaped)
            return TryReadEscaped(ref reader, out text);
        if (!Utf8.IsValid(reader.ValueSpan))
            return false;
        text = name ? NameCache.Shared.Get(reader.ValueSpan) : System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        return true;
    }

    public static bool HasControlCharacter(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c))
                return true;
        }

        return false;
    }

    /// <summary>A piece of bad input that cannot be personal, short enough for a message, with control characters made visible.</summary>
    public static string Echo(ReadOnlySpan<byte> utf8)
    {
        var text = System.Text.Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, EchoLength * 4)]);
        var cut = text.Length > EchoLength ? text[..EchoLength] + "…" : text;
        return string.Concat(cut.Select(static c => char.IsControl(c) ? '\uFFFD' : c));
    }

    private static bool TryReadEscaped(ref Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            text = reader.GetString();
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            // The reader has no other way to say that an escape is half a character.
            return false;
        }
    }
}
