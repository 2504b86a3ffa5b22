namespace Segmentation.Operator.Http;

/// <summary>A profile's consent and suppression, by channel, as answers tell them.</summary>
internal static class ProfileFactItems
{
    public static IReadOnlyDictionary<string, ConsentItem> Consent(Profile profile)
    {
        var consent = new Dictionary<string, ConsentItem>();
        foreach (var (name, status) in profile.Properties)
        {
            if (ProfileFacts.ConsentChannel(name) is not { } channel) continue;
            var sinceMs = profile.HeldSinceMs(new PropertyPredicate(name, PropertyOperator.Eq, [status]));
            consent.Add(channel, new ConsentItem(status.Text, sinceMs is null or long.MinValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(sinceMs.Value)));
        }
        return consent;
    }

    public static IReadOnlyDictionary<string, bool> Suppressed(Profile profile) => profile.Properties
        .Where(property => ProfileFacts.SuppressionChannel(property.Key) is not null)
        .ToDictionary(property => ProfileFacts.SuppressionChannel(property.Key)!, property => property.Value.Boolean);
}
