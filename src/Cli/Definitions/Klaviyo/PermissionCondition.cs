using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-permissions</c>: whether somebody said that they may, or may not, be written to on one of WhatsApp's channels.</summary>
internal static class PermissionCondition
{
    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        string channel = condition.Text("channel");
        if (channel is not ("whatsapp_marketing" or "whatsapp_transactional"))
            throw condition.NotKnown("channel", channel);
        SourceObject permission = condition.Object("permission");
        string status = permission.Text("reachable_status");
        switch (status)
        {
            case "explicitly_reachable":
                ConsentConditionSpec subscribed = ConsentCondition.Consent(channel, ConsentState.Subscribed);
                Assume();
                return
                [
                    .. ConsentCondition.Dated(permission, subscribed, scope, "effective_date"),
                    ConsentCondition.Suppression(channel, SuppressionState.NotSuppressed),
                ];
            case "explicitly_unreachable":
                Assume();
                return ConsentCondition.Dated(permission, ConsentCondition.Consent(channel, ConsentState.Unsubscribed), scope, "effective_date");
            case "implicitly_reachable" or "implicitly_or_explicitly_reachable" or "implicitly_unreachable" or "implicitly_or_explicitly_unreachable":
                throw permission.NotKnown("reachable_status", status, "what nobody said is not known here");
            default:
                throw permission.NotKnown("reachable_status", status);
        }

        void Assume() => scope.Check(
            permission.At("reachable_status"), status, $"taken as what the customer said on the channel {channel}", $"store the consent by the channel {channel}");
    }
}
