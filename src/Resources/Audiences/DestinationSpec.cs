using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>Where members go: exactly one of the fields is set.</summary>
[OneOf("webhook", Noun = "destination")]
public sealed record DestinationSpec
{
    [Description("A signed HTTP POST (Standard Webhooks).")]
    public WebhookDestinationSpec? Webhook { get; set; }
}

/// <summary>A signed HTTP POST (Standard Webhooks).</summary>
public sealed record WebhookDestinationSpec
{
    public const string DefaultTimeout = "10s";

    /// <summary>RE2: https to anybody, http only to this machine or into the cluster; no user name or password.</summary>
    public const string UrlPattern =
        @"^(https://[^/?#@\s]+|http://(localhost|127\.0\.0\.1|\[::1\]|[a-z0-9-]+\.[a-z0-9-]+\.svc(\.cluster\.local)?)(:[0-9]{1,5})?)"
        + @"([/?][^#\s]*)?$";

    public const string UrlRule =
        "use https://; plain http:// only to localhost, 127.0.0.1, [::1] or a Service (name.namespace.svc), "
        + "and no user name or password in the URL";

    [Description("Where batches are posted. https, or http to localhost, 127.0.0.1, [::1] or a Service (name.namespace.svc).")]
    [Required, Length(2048, 8)]
    [ValidationRule("self.matches(r'''" + UrlPattern + "''')", UrlRule)]
    public string Url { get; set; } = "";

    [Description("The Secret key that holds the whsec_ signing secret.")]
    [Required]
    public SecretKeyReference SigningSecretRef { get; set; } = new();

    [Description("How long one delivery may take, 1s to 5m.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2), Default("\"" + DefaultTimeout + "\"")]
    public string Timeout { get; set; } = DefaultTimeout;
}

/// <summary>One key of a Secret of the same namespace.</summary>
public sealed record SecretKeyReference
{
    [Description("The Secret's metadata.name.")]
    [Required, Length(253, 1)]
    public string Name { get; set; } = "";

    [Description("The key in the Secret's data.")]
    [Required, Length(253, 1)]
    public string Key { get; set; } = "";
}
