using Segmentation.Resources;

namespace Segmentation.Operator.Audiences;

/// <summary>Makes the destination that a spec names. A new kind of destination is one more branch here; docs/webhooks.md has the recipe.</summary>
internal sealed class DestinationFactory(SigningSecrets secrets, WebhookHttp http, TimeProvider time)
{
    public IAudienceDestination Create(string workspace, AudienceSyncDefinition definition) =>
        new SignedWebhook(workspace, definition.Webhook, secrets, http, time);
}
