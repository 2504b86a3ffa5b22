namespace Segmentation.Operator.Audiences;

/// <summary>The reasons of an AudienceSync's conditions, beside those of an invalid spec.</summary>
internal static class AudienceReasons
{
    public const string Starting = "Starting";
    public const string Syncing = "Syncing";
    public const string InSync = "InSync";
    public const string Suspended = "Suspended";
    public const string WaitingForSegment = "WaitingForSegment";
    public const string SegmentNotFound = "SegmentNotFound";
    public const string RfmPolicyNotFound = "RfmPolicyNotFound";
    public const string WaitingForRfmPolicy = "WaitingForRfmPolicy";
    public const string SecretNotFound = "SecretNotFound";
    public const string SecretUnreadable = "SecretUnreadable";
    public const string InvalidSecret = "InvalidSecret";
    public const string DestinationUnreachable = "DestinationUnreachable";
    public const string DestinationRejected = "DestinationRejected";
    public const string DestinationGone = "DestinationGone";
    public const string StoreUnavailable = "StoreUnavailable";
    public const string SegmentChanged = "SegmentChanged";
    public const string InternalError = "InternalError";
}
