using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>Turns one condition of Klaviyo's into conditions that all hold exactly when it does; each is a leaf or a group of leaves.</summary>
internal static class ConditionTranslator
{
    private static readonly Dictionary<string, Func<SourceObject, ImportScope, IReadOnlyList<ConditionSpec>>> _types = new(StringComparer.Ordinal)
    {
        ["profile-metric"] = MetricCondition.Translate,
        ["profile-metric-funnel"] = FunnelCondition.Translate,
        ["profile-property"] = PropertyCondition.Translate,
        ["profile-group-membership"] = MembershipCondition.Translate,
        ["profile-marketing-consent"] = ConsentCondition.Translate,
        ["profile-permissions"] = PermissionCondition.Translate,
        ["profile-postal-code-distance"] = PlaceConditions.Distance,
        ["profile-region"] = PlaceConditions.Region,
        ["profile-predictive-analytics"] = PredictiveCondition.Translate,
        ["profile-sample"] = SampleCondition.Translate,
    };

    private static readonly Dictionary<string, (string Why, string Todo)> _without = new(StringComparer.Ordinal)
    {
        ["profile-has-custom-object"] = ("there are no objects beside profiles and events", "send the objects as events, or keep what you need of them in a property"),
        ["profile-not-in-flow"] = ("flows are Klaviyo's own", "send an event when somebody enters a flow, and ask for none"),
        ["profile-not-sent-email"] = ("only flows ask it", "send an event for each e-mail, and ask for none"),
        ["profile-not-sent-sms"] = ("only flows ask it", "send an event for each text message, and ask for none"),
        ["profile-not-sent-push"] = ("only flows ask it", "send an event for each push message, and ask for none"),
    };

    /// <exception cref="NotCarriedOverException">It cannot be said here, or is not known.</exception>
    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        string type = condition.Text("type");
        if (_types.TryGetValue(type, out Func<SourceObject, ImportScope, IReadOnlyList<ConditionSpec>>? translate))
            return translate(condition, scope);
        throw _without.TryGetValue(type, out (string Why, string Todo) known)
            ? condition.Lost("type", $"condition {type}", known.Why, known.Todo)
            : condition.Lost("type", $"condition \"{type}\"", "not known to the importer");
    }

    public static ConditionSpec None(params IReadOnlyList<ConditionSpec> conditions) => new() { None = conditions };

    public static ConditionSpec Any(params IReadOnlyList<ConditionSpec> conditions) => new() { Any = conditions };
}
