using System.Text.Json;

namespace Segmentation;

/// <summary>Reads consent and suppression by channel. Messages name the channel and the cure, never a value.</summary>
internal static class FactJson
{
    private const string HowToState = "write subscribed or unsubscribed, {\"status\":\"subscribed\",\"since\":\"2026-01-31T09:30:00Z\"}, or null to forget it";

    /// <summary>What the field looks like.</summary>
    public static string Example(string field) => field == "consent" ? "\"consent\":{\"email\":\"subscribed\"}" : "\"suppressed\":{\"email\":true}";

    /// <summary>Reads the object that the reader stands on, to its end; the answer is what is wrong with it.</summary>
    public static string? Read(ref Utf8JsonReader reader, string field, long latestSinceMs, List<FactStatement> into)
    {
        var first = into.Count;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonText.TryRead(ref reader, name: true, out var channel) || !ProfileFacts.IsChannel(channel))
                return $"a channel is a small letter and then small letters, digits, _ and -, at most {ProfileFacts.MaxChannelLength} in all, such as email";
            var name = field == "consent" ? ProfileFacts.Consent(channel) : ProfileFacts.Suppression(channel);
            if (into.Exists(fact => fact.Name == name))
                return $"{channel} is there twice; keep one";
            if (into.Count - first == ProfileFacts.MaxChannels)
                return $"there are more than {ProfileFacts.MaxChannels} channels; at most that many are kept";
            reader.Read();
            var error = field == "consent" ? ReadConsent(ref reader, name, latestSinceMs, into) : ReadSuppression(ref reader, name, into);
            if (error is not null)
                return $"{channel}: {error}";
        }

        return null;
    }

    private static string? ReadSuppression(ref Utf8JsonReader reader, string name, List<FactStatement> into)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
            return "write true or false, or null to forget it";
        into.Add(new FactStatement(name, reader.TokenType == JsonTokenType.Null ? null : reader.TokenType == JsonTokenType.True, null));
        return null;
    }

    private static string? ReadConsent(ref Utf8JsonReader reader, string name, long latestSinceMs, List<FactStatement> into)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            into.Add(new FactStatement(name, null, null));
            return null;
        }

        string? status = null;
        long? sinceMs = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            status = Status(ref reader);
        else if (ReadStatement(ref reader, latestSinceMs, ref status, ref sinceMs) is { } error)
            return error;
        if (status is null)
            return HowToState;
        into.Add(new FactStatement(name, status, sinceMs));
        return null;
    }

    private static string? ReadStatement(ref Utf8JsonReader reader, long latestSinceMs, ref string? status, ref long? sinceMs)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isStatus = reader.ValueTextEquals("status"u8);
            if (!isStatus && !reader.ValueTextEquals("since"u8))
                return "there is a field that is neither status nor since; leave it out";
            if (isStatus ? status is not null : sinceMs is not null)
                return $"{(isStatus ? "status" : "since")} is there twice; keep one";
            reader.Read();
            if (isStatus)
            {
                status = Status(ref reader);
                if (status is null)
                    return HowToState;
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                if (Instant(ref reader) is not { } ms)
                    return "since is not RFC 3339; write it like 2026-01-31T09:30:00Z";
                if (ms > latestSinceMs)
                    return "since lies in the future; consent is told once it is given";
                sinceMs = ms;
            }
        }

        return null;
    }

    private static string? Status(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? null
        : reader.ValueTextEquals("subscribed"u8) ? ProfileFacts.Subscribed
        : reader.ValueTextEquals("unsubscribed"u8) ? ProfileFacts.Unsubscribed
        : null;

    private static long? Instant(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && JsonText.TryRead(ref reader, name: false, out var text) && Rfc3339.TryParse(text, out var ms)
            ? ms
            : null;
}
