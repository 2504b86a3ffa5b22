using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Segmentation;

/// <summary>What is told of a profile.</summary>
/// <param name="Properties">Those with a value; null when nothing was said of properties.</param>
/// <param name="Removed">The names of properties whose value is null.</param>
/// <param name="Facts">Consent and suppression.</param>
public sealed record ProfileUpdate(PropertyBag? Properties, IReadOnlyList<string> Removed, IReadOnlyList<FactStatement> Facts);

/// <summary>
/// Reads <c>{"properties":{…},"consent":{…},"suppressed":{…}}</c>, at least one of them; other fields are ignored. Messages name the place and
/// the cure, never a value.
/// </summary>
public static class ProfileUpdateJson
{
    private const string Shape = "The body must be a JSON object such as {\"properties\":{\"country\":\"DE\"}}.";

    /// <param name="json">UTF-8, with or without a byte order mark.</param>
    /// <param name="latestSinceMs">No consent may have been given or withdrawn later, in milliseconds since the Unix epoch.</param>
    /// <param name="update">What it says.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> json, long latestSinceMs, [NotNullWhen(true)] out ProfileUpdate? update, [NotNullWhen(false)] out string? error)
    {
        update = null;
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        var reader = new Utf8JsonReader(json);
        try
        {
            var found = new Fields(latestSinceMs);
            error = Read(ref reader, found);
            if (error is not null)
                return false;
            update = new ProfileUpdate(found.Properties, found.Removed, found.Facts);
            return true;
        }
        catch (JsonException e)
        {
            // The reader's own message may quote what it stumbled over, so only its position is told.
            error = $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}. Nothing of it was accepted.";
            return false;
        }
    }

    private static string? Read(ref Utf8JsonReader reader, Fields found)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return Shape;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.ValueTextEquals("properties"u8) ? "properties"
                : reader.ValueTextEquals("consent"u8) ? "consent"
                : reader.ValueTextEquals("suppressed"u8) ? "suppressed"
                : null;
            reader.Read();
            if (field is null)
                reader.Skip();
            else if (found.Read(ref reader, field) is { } error)
                return error;
        }

        // Nothing may follow the object: reading on makes the reader say so.
        reader.Read();
        return found.IsEmpty ? Shape : null;
    }

    private sealed class Fields(long latestSinceMs)
    {
        private readonly List<string> seen = [];
        private readonly List<string> removed = [];
        private readonly List<FactStatement> facts = [];

        public bool IsEmpty => seen.Count == 0;

        public PropertyBag? Properties { get; private set; }

        public IReadOnlyList<string> Removed => removed;

        public IReadOnlyList<FactStatement> Facts => facts;

        /// <summary>Reads one of the fields; the answer is what is wrong with it.</summary>
        public string? Read(ref Utf8JsonReader reader, string field)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                return field == "properties" ? Shape : $"{field} must be an object of channels such as {FactJson.Example(field)}.";
            if (seen.Contains(field))
                return $"{field} is there twice; keep one.";
            seen.Add(field);
            var error = field == "properties" ? ReadProperties(ref reader) : FactJson.Read(ref reader, field, latestSinceMs, facts);
            return error is null ? null : $"{field}: {error}.";
        }

        private string? ReadProperties(ref Utf8JsonReader reader)
        {
            var ahead = reader;
            if (!PropertyBagJson.TryRead(ref reader, out var properties, out var error))
                return error;
            Properties = properties;

            // The names have been checked, so they can be read as texts.
            while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
            {
                var name = ahead.GetString()!;
                if (ProfileFacts.IsFact(name))
                {
                    var kept = ProfileFacts.ConsentChannel(name) is null ? "suppressed" : "consent";
                    return $"the names that begin like {name} are kept for {kept}; send {FactJson.Example(kept)} beside properties";
                }

                ahead.Read();
                if (ahead.TokenType == JsonTokenType.Null)
                    removed.Add(name);
                ahead.Skip();
            }

            return null;
        }
    }
}
