namespace Segmentation.Operator;

/// <summary>Everything that the operator logs. No message carries a profile id, a property or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Lost a connection to Redis ({FailureType}); reconnecting")]
    public static partial void RedisConnectionLost(ILogger logger, string failureType);

    [LoggerMessage(2, LogLevel.Information, "A connection to Redis is back")]
    public static partial void RedisConnectionRestored(ILogger logger);

    [LoggerMessage(3, LogLevel.Debug, "Could not pass on or hear messages on {Channel} ({Error}); the next sweep finds what they tell")]
    public static partial void MessageFailed(ILogger logger, string channel, string error);

    [LoggerMessage(4, LogLevel.Warning, "The client of Redis was not answered for seconds and a new one is: it has taken its place")]
    public static partial void RedisClientReplaced(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "Could not look after the client of Redis ({Error}); trying again")]
    public static partial void RedisClientNotReplaced(ILogger logger, string error);

    [LoggerMessage(10, LogLevel.Warning, "Partition {Workspace}/{Partition}: another owner has taken over. {Detail}")]
    public static partial void PartitionFenced(ILogger logger, string workspace, int partition, string detail);

    [LoggerMessage(11, LogLevel.Warning, "Partition {Workspace}/{Partition}: reading its state again. {Detail}")]
    public static partial void PartitionOutOfStep(ILogger logger, string workspace, int partition, string detail);

    [LoggerMessage(12, LogLevel.Warning, "Partition {Workspace}/{Partition}: waiting for Redis. {Detail}")]
    public static partial void PartitionStoreUnavailable(ILogger logger, string workspace, int partition, string detail);

    [LoggerMessage(13, LogLevel.Error, "Partition {Workspace}/{Partition}: a turn failed and will be tried again")]
    public static partial void PartitionFailed(ILogger logger, string workspace, int partition, Exception exception);

    [LoggerMessage(14, LogLevel.Information, "Partitions are shared by {Replicas}")]
    public static partial void ReplicasChanged(ILogger logger, string replicas);

    [LoggerMessage(15, LogLevel.Warning, "Workspace {Workspace}: could not report to the replica that leads ({Error}); trying again")]
    public static partial void ReportFailed(ILogger logger, string workspace, string error);

    [LoggerMessage(20, LogLevel.Error, "Workspace {Workspace}: planning failed and will be tried again")]
    public static partial void PlanningFailed(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(21, LogLevel.Information, "Workspace {Workspace}: opened with {Partitions} partitions")]
    public static partial void WorkspaceOpened(ILogger logger, string workspace, int partitions);

    [LoggerMessage(22, LogLevel.Warning, "Workspace {Workspace}: keeps its {Partitions} partitions; Redis:Partitions = {Configured} applies to new workspaces only")]
    public static partial void PartitionCountKept(ILogger logger, string workspace, int partitions, int configured);

    [LoggerMessage(23, LogLevel.Information, "Workspace {Workspace}: computed break points of RfmPolicy {Policy} from {Profiles} profiles (version {Version})")]
    public static partial void BreakPointsComputed(ILogger logger, string workspace, string policy, long profiles, int version);

    [LoggerMessage(26, LogLevel.Information, "Workspace {Workspace}: tried to fit the model of RfmPolicy {Policy} (fitted: {Fitted}) to {Customers} customers in {TookMs} ms")]
    public static partial void ModelFitted(ILogger logger, string workspace, string policy, bool fitted, long customers, long tookMs);

    [LoggerMessage(27, LogLevel.Error, "Workspace {Workspace}: fitting a model failed; trying again")]
    public static partial void FittingFailed(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(28, LogLevel.Error, "Workspace {Workspace}: counting the customers of an RfmPolicy failed; trying again")]
    public static partial void CensusFailed(ILogger logger, string workspace, Exception exception);

    [LoggerMessage(29, LogLevel.Debug, "Workspace {Workspace}: counted the {Customers} customers of RfmPolicy {Policy} in {TookMs} ms, rests not included")]
    public static partial void CustomersCounted(ILogger logger, string workspace, string policy, long customers, long tookMs);

    [LoggerMessage(24, LogLevel.Information, "Workspace {Workspace}: closed, as nothing is declared in it any more")]
    public static partial void WorkspaceClosed(ILogger logger, string workspace);

    [LoggerMessage(25, LogLevel.Warning, "Workspace {Workspace}: left alone, as the operator with the label selector '{Shard}' serves it")]
    public static partial void WorkspaceElsewhere(ILogger logger, string workspace, string shard);

    [LoggerMessage(30, LogLevel.Warning, "Workspace {Workspace}: its token Secret cannot be read ({Error}); requests are allowed or refused as before")]
    public static partial void TokenSecretUnreadable(ILogger logger, string workspace, string error);
}
