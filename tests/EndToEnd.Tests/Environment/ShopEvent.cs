using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>One event in the form that the API and the CLI accept.</summary>
public sealed record ShopEvent(string Id, string Name, string ProfileId, DateTimeOffset OccurredAt, decimal? Value = null)
{
    public static ShopEvent Order(string profileId, DateTimeOffset at, decimal value = 10m) => new($"o-{Guid.NewGuid():n}", "placed_order", profileId, at, value);

    public string ToJson() =>
        JsonSerializer.Serialize(new { id = Id, name = Name, profileId = ProfileId, occurredAt = OccurredAt.UtcDateTime.ToString("O"), value = Value });
}
