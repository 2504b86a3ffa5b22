using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-marketing-consent</c>: whether somebody can be written to on a channel, and what they said about it.</summary>
internal static class ConsentCondition
{
    private const string StatusDate = "status_date";
    private const string NoOrigin = "how consent was given is not known here, only when";
    private const string NoReason = "why and when somebody was suppressed is not known here";

    private static readonly Dictionary<string, string> _without = new(StringComparer.Ordinal)
    {
        ["is_double_opt_in"] = NoOrigin,
        ["custom_source"] = NoOrigin,
        ["method"] = NoOrigin,
        ["subscribe_method"] = NoOrigin,
        ["is_rcs_capable"] = "what a telephone can show is not known here",
        ["recorded_date"] = "when consent was recorded is not known here, only when it was given",
        ["bounce_date"] = NoReason,
        ["manual_suppression_date"] = NoReason,
        ["invalid_email_date"] = NoReason,
    };

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
            ("email", true, "any") => Undated([ConditionTranslator.None(suppressed, new ConditionSpec { Consent = unsubscribed })]),
            ("email", false, "any") => Undated([ConditionTranslator.Any(suppressed, new ConditionSpec { Consent = unsubscribed })]),
            ("email" or "sms", true, "subscribed") or ("push", true, "any") => [.. Dated(status, subscribed, scope), notSuppressed],
            ("email", true, "never_subscribed") => Undated([never, notSuppressed]),
            ("email", false, "subscribed") => Undated([new ConditionSpec { Consent = subscribed }, suppressed]),
            ("email", false, "never_subscribed") => Undated([never, suppressed]),
            ("email" or "sms", false, "unsubscribed") => Dated(status, unsubscribed, scope),
            ("sms", false, "never_subscribed") => Undated([never]),
            ("sms" or "push", false, "any") =>
                Undated([ConditionTranslator.Any(new ConditionSpec { Consent = unsubscribed }, never, suppressed)]),
            ("email" or "sms" or "push", _, _) => throw status.NotKnown(
                "subscription", subscription, $"not known for {channel} that {(canReceive ? "can" : "cannot")} receive marketing"),
            _ => throw consent.NotKnown("channel", channel),
        };

        ConditionSpec[] Undated(ConditionSpec[] conditions) => Dates(status, StatusDate) is [var first, ..]
            ? throw new NotCarriedOverException(first.Path, "the date of this status", "asked of subscribed and unsubscribed only")
            : conditions;
    }

    /// <summary>The consent, with the filters of when it came to be.</summary>
    /// <param name="status">What holds the filters.</param>
    /// <param name="state">The consent asked for.</param>
    /// <param name="scope">For what there is to check.</param>
    /// <param name="dateField">What the filters call the date.</param>
    public static ConditionSpec[] Dated(SourceObject status, ConsentConditionSpec state, ImportScope scope, string dateField = StatusDate)
    {
        ConsentConditionSpec[] dated = [.. Dates(status, dateField).SelectMany(filter => Limited(filter.Object("filter"), state, scope))];
        return dated.Length == 0 ? [new ConditionSpec { Consent = state }] : Array.ConvertAll(dated, consent => new ConditionSpec { Consent = consent });
    }

    public static ConditionSpec Suppression(string channel, SuppressionState state) =>
        new() { Suppression = new SuppressionConditionSpec { Channel = channel, Is = state } };

    public static ConsentConditionSpec Consent(string channel, ConsentState state) => new() { Channel = channel, Is = state };

    // The filters on the date; every other filter is one too many.
    private static List<SourceObject> Dates(SourceObject status, string dateField)
    {
        var dates = new List<SourceObject>();
        foreach (SourceObject filter in status.Objects("filters"))
        {
            string field = filter.Text("field");
            if (field != dateField)
                throw filter.NotKnown("field", field, _without.GetValueOrDefault(field, "not known to the importer"));
            dates.Add(filter);
        }
        return dates;
    }

    private static ConsentConditionSpec[] Limited(SourceObject filter, ConsentConditionSpec state, ImportScope scope)
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
