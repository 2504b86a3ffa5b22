using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-marketing-consent</c>: whether somebody can be written to on a channel, and what they said about it.</summary>
internal static class ConsentCondition
{
    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        SourceObject consent = condition.Object("consent");
        SourceObject status = consent.Object("consent_status");
        string channel = consent.Text("channel");
        string subscription = status.Text("subscription");
        bool canReceive = consent.Flag("can_receive_marketing");
        ConsentConditionSpec subscribed = Consent(channel, ConsentState.Subscribed);
        ConsentConditionSpec unsubscribed = Consent(channel, ConsentState.Unsubscribed);
        ConditionSpec never = new() { Consent = Consent(channel, ConsentState.Never) };
        ConditionSpec suppressed = Suppression(channel, SuppressionState.Suppressed);
        ConditionSpec notSuppressed = Suppression(channel, SuppressionState.NotSuppressed);
        return (channel, canReceive, subscription) switch
        {
            ("email", true, "any") => [ConditionTranslator.None(suppressed, new ConditionSpec { Consent = unsubscribed })],
            ("email", false, "any") => [ConditionTranslator.Any(suppressed, new ConditionSpec { Consent = unsubscribed })],
            ("email" or "sms", true, "subscribed") => [.. Since(status, subscribed, scope), notSuppressed],
            ("email", true, "never_subscribed") => [never, notSuppressed],
            ("email", false, "subscribed") => [new ConditionSpec { Consent = subscribed }, suppressed],
            ("email", false, "never_subscribed") => [never, suppressed],
            ("email" or "sms", false, "unsubscribed") => Since(status, unsubscribed, scope),
            ("sms", false, "never_subscribed") => [never],
            ("push", true, "any") => [.. Since(status, subscribed, scope), notSuppressed],
            ("sms" or "push", false, "any") => [ConditionTranslator.Any(new ConditionSpec { Consent = unsubscribed }, never, suppressed)],
            ("email" or "sms" or "push", _, _) => throw status.NotKnown("subscription", subscription, $"not known to the importer for {channel} and can_receive_marketing {canReceive}"),
            _ => throw consent.NotKnown("channel", channel),
        };
    }

    /// <summary>The consent, with the filters of when it came to be.</summary>
    /// <param name="status">What holds the filters.</param>
    /// <param name="state">The consent asked for.</param>
    /// <param name="scope">For what there is to check.</param>
    /// <param name="dateField">The name of the filter on the date.</param>
    public static IReadOnlyList<ConditionSpec> Since(
        SourceObject status, ConsentConditionSpec state, ImportScope scope, string dateField = "status_date")
    {
        var conditions = new List<ConsentConditionSpec>();
        foreach (SourceObject filter in status.Objects("filters"))
        {
            string field = filter.Text("field");
            if (field != dateField)
            {
                throw filter.NotKnown(
                    "field", field, field is "method" or "subscribe_method" or "custom_source" or "is_double_opt_in" or "is_rcs_capable" or "recorded_date"
                        ? "consent is known here by channel, state and date only"
                        : "not known to the importer");
            }
            conditions.AddRange(Dates(filter.Object("filter"), state, scope));
        }
        return conditions.Count == 0 ? [new ConditionSpec { Consent = state }] : [.. conditions.Select(consent => new ConditionSpec { Consent = consent })];
    }

    public static ConditionSpec Suppression(string channel, SuppressionState state) =>
        new() { Suppression = new SuppressionConditionSpec { Channel = channel, Is = state } };

    public static ConsentConditionSpec Consent(string channel, ConsentState state) => new() { Channel = channel, Is = state };

    private static ConsentConditionSpec[] Dates(SourceObject filter, ConsentConditionSpec state, ImportScope scope)
    {
        NumberFilter.RequireType(filter, "date");
        switch (filter.Text("operator"))
        {
            case "in-the-last":
                return [state with { Within = SourceTimes.Duration(filter, "quantity", scope) }];
            case "at-least":
                return [state with { For = SourceTimes.Duration(filter, "quantity", scope) }];
            case "between" when SourceTimes.Ages(filter, scope) is var (younger, older):
                ConsentConditionSpec within = state with { Within = older };
                return younger is null ? [within] : [within, state with { For = younger }];
            default:
                throw SourceTimes.NotHere(filter, "consent, whose date can only be so long ago");
        }
    }
}
