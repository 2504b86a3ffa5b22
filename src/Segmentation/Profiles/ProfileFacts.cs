namespace Segmentation;

/// <summary>
/// What is known of a profile besides its own properties, kept among them under names that these may not have: consent to be written to on a
/// channel, a text, and suppression of a channel, a boolean.
/// </summary>
public static class ProfileFacts
{
    /// <summary>The value of consent that was given.</summary>
    public const string Subscribed = "subscribed";

    /// <summary>The value of consent that was withdrawn or refused.</summary>
    public const string Unsubscribed = "unsubscribed";

    /// <summary>The longest name of a channel, in characters, inclusive. The shortest is one.</summary>
    public const int MaxChannelLength = 32;

    /// <summary>Of how many channels consent, and of how many suppression, is kept for one profile, inclusive.</summary>
    public const int MaxChannels = 32;

    private const string ConsentPrefix = "$consent.";
    private const string SuppressionPrefix = "$suppressed.";

    /// <summary>The name under which consent on the channel is kept.</summary>
    public static string Consent(string channel) => ConsentPrefix + channel;

    /// <summary>The name under which suppression of the channel is kept.</summary>
    public static string Suppression(string channel) => SuppressionPrefix + channel;

    /// <summary>Whether the name is kept for a fact, whatever follows its prefix.</summary>
    public static bool IsFact(string name) =>
        name.StartsWith(ConsentPrefix, StringComparison.Ordinal) || name.StartsWith(SuppressionPrefix, StringComparison.Ordinal);

    /// <summary>The channel whose consent the name stands for; null for any other name.</summary>
    public static string? ConsentChannel(string name) =>
        name.StartsWith(ConsentPrefix, StringComparison.Ordinal) ? name[ConsentPrefix.Length..] : null;

    /// <summary>The channel whose suppression the name stands for; null for any other name.</summary>
    public static string? SuppressionChannel(string name) =>
        name.StartsWith(SuppressionPrefix, StringComparison.Ordinal) ? name[SuppressionPrefix.Length..] : null;

    /// <summary>The properties with the facts of another bag, which stay whatever happens to properties.</summary>
    public static PropertyBag WithFactsOf(IEnumerable<KeyValuePair<string, PropertyValue>> properties, PropertyBag facts) =>
        PropertyBag.Of([.. facts.Where(static property => IsFact(property.Key)), .. properties], PropertyBag.MaxCountWithFacts);

    /// <summary>Whether it is a channel's name: a small letter, then small letters, digits, _ and -.</summary>
    public static bool IsChannel(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxChannelLength || !char.IsAsciiLetterLower(name[0]))
            return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('_' or '-'))
                return false;
        }

        return true;
    }

    // Whether there is no room for another fact of its kind.
    internal static bool IsFull(PropertyBag bag, string name)
    {
        var prefix = name.StartsWith(ConsentPrefix, StringComparison.Ordinal) ? ConsentPrefix : SuppressionPrefix;
        return bag.Count(property => property.Key.StartsWith(prefix, StringComparison.Ordinal)) >= MaxChannels;
    }
}

/// <summary>That a fact of a profile is so.</summary>
/// <param name="Name">See <see cref="ProfileFacts"/>.</param>
/// <param name="Value">What it is; null to forget everything that was ever stated of it.</param>
/// <param name="SinceMs">Since when, in milliseconds since the Unix epoch; null for from now on.</param>
public sealed record FactStatement(string Name, PropertyValue? Value, long? SinceMs);
