using System.Text.RegularExpressions;

namespace Segmentation.Resources;

/// <summary>An AudienceSync's spec, read and checked.</summary>
/// <param name="SegmentName">The Segment whose members are told.</param>
/// <param name="Webhook">Where they are told.</param>
/// <param name="BatchSizeMax">The most changes in one delivery, 1 to 10,000.</param>
/// <param name="BatchDelayMax">The longest that a change waits for others.</param>
/// <param name="RfmPolicyName">The RfmPolicy whose numbers of profiles that enter are told; null for none.</param>
public sealed record AudienceSyncDefinition(
    string SegmentName, WebhookDestination Webhook, int BatchSizeMax, TimeSpan BatchDelayMax, string? RfmPolicyName = null);

/// <summary>Where signed batches are posted.</summary>
/// <param name="Url">https, or http to this machine or into the cluster.</param>
/// <param name="SigningSecretName">The Secret of the same namespace.</param>
/// <param name="SigningSecretKey">Its key.</param>
/// <param name="Timeout">How long one delivery may take.</param>
public sealed record WebhookDestination(Uri Url, string SigningSecretName, string SigningSecretKey, TimeSpan Timeout);

/// <summary>What became of an AudienceSync's spec: a definition, or problems.</summary>
public sealed record AudienceSyncCompilation(AudienceSyncDefinition? Definition, IReadOnlyList<SpecProblem> Problems);

/// <summary>Checks an AudienceSync's spec. Whether the Segment, the RfmPolicy and the Secret exist is not asked here: they may come later.</summary>
public static class AudienceSyncCompiler
{
    private const int BatchSizeLimit = 10_000;
    private const long BatchDelayLimitMs = 60L * 60 * 1000;
    private const long TimeoutMinMs = 1000;
    private const long TimeoutMaxMs = 5L * 60 * 1000;

    private static readonly Regex Url = new(
        WebhookDestinationSpec.UrlPattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    public static AudienceSyncCompilation Compile(AudienceSyncSpec spec)
    {
        var problems = new ProblemList();
        problems.RequireText(spec.SegmentRef.Name, "spec.segmentRef.name", "lapsing-vips");
        var webhook = Webhook(spec.Destination, "spec.destination", problems);
        if (spec.Batch.MaxSize is < 1 or > BatchSizeLimit)
            problems.Invalid("spec.batch.maxSize", $"must be 1 to {BatchSizeLimit}, not {spec.Batch.MaxSize}");
        var delayMs = problems.Duration(spec.Batch.MaxDelay, "spec.batch.maxDelay", maximumMs: BatchDelayLimitMs);
        if (spec.Include is { } include)
            problems.RequireText(include.RfmPolicy, "spec.include.rfmPolicy", "default");
        if (problems.Count > 0)
            return new AudienceSyncCompilation(null, problems.ToList());
        var delay = TimeSpan.FromMilliseconds(delayMs!.Value);
        return new AudienceSyncCompilation(new AudienceSyncDefinition(spec.SegmentRef.Name, webhook!, spec.Batch.MaxSize, delay, spec.Include?.RfmPolicy), []);
    }

    private static WebhookDestination? Webhook(DestinationSpec destination, string path, ProblemList problems)
    {
        if (destination.Webhook is not { } webhook)
        {
            problems.Invalid(path, "there is no destination, or one that does not exist and was dropped; give a webhook");
            return null;
        }

        path += ".webhook";
        var before = problems.Count;
        Uri? url = null;
        if (problems.RequireText(webhook.Url, path + ".url", "https://crm.example.com/audiences")
            && !(Url.IsMatch(webhook.Url) && Uri.TryCreate(webhook.Url, UriKind.Absolute, out url)))
            problems.Invalid(path + ".url", WebhookDestinationSpec.UrlRule);
        var secret = webhook.SigningSecretRef;
        problems.RequireText(secret.Name, path + ".signingSecretRef.name", "crm");
        problems.RequireText(secret.Key, path + ".signingSecretRef.key", "whsec");
        var timeoutMs = problems.Duration(webhook.Timeout, path + ".timeout", TimeoutMinMs, TimeoutMaxMs);
        return problems.Count == before
            ? new WebhookDestination(url!, secret.Name, secret.Key, TimeSpan.FromMilliseconds(timeoutMs!.Value))
            : null;
    }
}
