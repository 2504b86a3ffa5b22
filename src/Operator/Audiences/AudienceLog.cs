namespace Segmentation.Operator.Audiences;

/// <summary>What audiences log. No message carries a profile id, an address or a secret.</summary>
internal static partial class AudienceLog
{
    [LoggerMessage(60, LogLevel.Information, "AudienceSync {Workspace}/{Name}: following segment {Segment} (generation {Generation})")]
    public static partial void Started(ILogger logger, string workspace, string name, string segment, long generation);

    [LoggerMessage(61, LogLevel.Information, "AudienceSync {Workspace}/{Name}: stopped")]
    public static partial void Stopped(ILogger logger, string workspace, string name);

    [LoggerMessage(62, LogLevel.Warning, "AudienceSync {Workspace}/{Name}: attempt {Attempt} to deliver {Changes} changes failed ({Reason}: {Error}); next in {DelaySeconds} s")]
    public static partial void AttemptFailed(ILogger logger, string workspace, string name, int attempt, int changes, string reason, string error, double delaySeconds);

    [LoggerMessage(63, LogLevel.Warning, "AudienceSync {Workspace}/{Name}: cannot begin ({Reason}: {Error})")]
    public static partial void CannotBegin(ILogger logger, string workspace, string name, string reason, string error);

    [LoggerMessage(64, LogLevel.Warning, "AudienceSync {Workspace}/{Name}: the destination is gone (HTTP 410); nothing is delivered until the spec changes")]
    public static partial void DestinationGone(ILogger logger, string workspace, string name);

    [LoggerMessage(65, LogLevel.Information, "AudienceSync {Workspace}/{Name}: a batch of {Changes} changes was too large; sending at most {Limit}")]
    public static partial void BatchHalved(ILogger logger, string workspace, string name, int changes, int limit);

    [LoggerMessage(66, LogLevel.Warning, "AudienceSync {Workspace}/{Name}: waiting for Redis. {Detail}")]
    public static partial void StoreUnavailable(ILogger logger, string workspace, string name, string detail);

    [LoggerMessage(67, LogLevel.Error, "AudienceSync {Workspace}/{Name}: failed and will be tried again")]
    public static partial void Failed(ILogger logger, string workspace, string name, Exception exception);

    [LoggerMessage(68, LogLevel.Debug, "AudienceSync {Workspace}/{Name}: delivered {Changes} changes")]
    public static partial void Delivered(ILogger logger, string workspace, string name, int changes);

    [LoggerMessage(69, LogLevel.Information, "AudienceSync {Workspace}/{Name}: all members there were are told")]
    public static partial void InitialSyncDone(ILogger logger, string workspace, string name);
}
