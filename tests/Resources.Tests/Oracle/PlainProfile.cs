using System.Globalization;

namespace Resources.Tests.Oracle;

/// <summary>
/// All that is known of one customer, in plain lists. A value is a text, a decimal, a boolean or an array of texts; instants are
/// milliseconds since the Unix epoch.
/// </summary>
public sealed record PlainProfile
{
    public string Id { get; init; } = "c-1";

    /// <summary>Each id once.</summary>
    public IReadOnlyList<PlainEvent> Events { get; init; } = [];

    /// <summary>The properties before the first of <see cref="Changes"/>.</summary>
    public IReadOnlyDictionary<string, object> Properties { get; init; } = new Dictionary<string, object>();

    /// <summary>In the order in which they happened.</summary>
    public IReadOnlyList<PlainChange> Changes { get; init; } = [];

    /// <summary>In the order in which they happened; subscribed or unsubscribed.</summary>
    public IReadOnlyList<PlainConsent> Consents { get; init; } = [];

    /// <summary>The channels on which the customer must not be written to.</summary>
    public IReadOnlyList<string> Suppressed { get; init; } = [];

    /// <summary>The latest stay in each segment that the customer ever entered.</summary>
    public IReadOnlyDictionary<string, PlainStay> Stays { get; init; } = new Dictionary<string, PlainStay>();

    /// <summary>By policy: the tiers that the customer was in before.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PlainTier>> Tiers { get; init; } = new Dictionary<string, IReadOnlyList<PlainTier>>();

    /// <summary>The earliest instant at which all of this but the events is already known.</summary>
    public long KnownFrom => Changes.Select(change => change.At)
        .Concat(Consents.Select(consent => consent.At))
        .Concat(Stays.Values.Select(stay => stay.EnteredAt))
        .Concat(Tiers.Values.SelectMany(tiers => tiers).SelectMany(tier => new[] { tier.From, tier.Left ?? tier.From }))
        .DefaultIfEmpty(0)
        .Max();

    public override string ToString() => string.Join(
        "\n",
        new[] { $"profile {Id} {Words(Properties)}" }
            .Concat(Changes.Select(change => $"at {change.At} {change.Property} became {Word(change.After)}"))
            .Concat(Consents.Select(consent => $"at {consent.At} consent to {consent.Channel} became {consent.Status}"))
            .Concat(Suppressed.Select(channel => $"suppressed on {channel}"))
            .Concat(Stays.Select(stay => $"entered {stay.Key} at {stay.Value.EnteredAt}{(stay.Value.IsMember ? "" : ", and left")}{(stay.Value.EnteredBefore is { } before ? $", before that at {before}" : "")}"))
            .Concat(Tiers.SelectMany(policy => policy.Value.Select(tier => $"{policy.Key}: {tier.Name} from {tier.From} to {tier.Left}")))
            .Concat(Events.Select(e => e.ToString())));

    internal static string Words(IReadOnlyDictionary<string, object> values) =>
        "{" + string.Join(", ", values.Select(value => $"{value.Key}: {Word(value.Value)}")) + "}";

    private static string Word(object? value) => value switch
    {
        null => "nothing",
        string text => $"'{text}'",
        string[] list => "[" + string.Join(", ", list.Select(text => $"'{text}'")) + "]",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}

public sealed record PlainEvent(
    string Id, string Name, long At, decimal? Value, IReadOnlyDictionary<string, object> Properties, string? Refunds = null)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name} {Id} at {At}, value {Value}, refunds {Refunds} {PlainProfile.Words(Properties)}");
}

/// <param name="At">When.</param>
/// <param name="Property">Which.</param>
/// <param name="After">The value from then on; null when it was taken away.</param>
public sealed record PlainChange(long At, string Property, object? After);

public sealed record PlainConsent(long At, string Channel, string Status);

/// <param name="EnteredAt">When the customer last entered.</param>
/// <param name="IsMember">Whether it has not left since.</param>
/// <param name="EnteredBefore">Of a member: when it entered the time before; null when it did not.</param>
public sealed record PlainStay(long EnteredAt, bool IsMember, long? EnteredBefore = null);

/// <param name="Name">The tier.</param>
/// <param name="From">When the customer came into it.</param>
/// <param name="Left">When the customer last left it; null for the present one.</param>
public sealed record PlainTier(string Name, long From, long? Left);
