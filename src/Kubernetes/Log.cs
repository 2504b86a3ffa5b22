using Microsoft.Extensions.Logging;

namespace Kubernetes;

/// <summary>Every message that the runtime logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Method} {Path} answered {Code}; try {Tries}, waiting {DelaySeconds} s as asked")]
    public static partial void RequestPutOff(ILogger logger, string method, string path, int code, double delaySeconds, int tries);

    [LoggerMessage(10, LogLevel.Information, "{Kind} in {Scope}: {Objects} objects, watching")]
    public static partial void Synced(ILogger logger, string kind, string scope, int objects);

    [LoggerMessage(11, LogLevel.Information, "The server does not stream the initial state of {Kind}; listing instead: {Reason}")]
    public static partial void WatchListRefused(ILogger logger, string kind, string reason);

    [LoggerMessage(12, LogLevel.Information, "Reading {Kind} anew: {Reason}")]
    public static partial void Relisting(ILogger logger, string kind, string reason);

    [LoggerMessage(13, LogLevel.Warning, "Watching {Kind} in {Scope} failed; next try in {DelaySeconds} s: {Reason}")]
    public static partial void WatchFailed(ILogger logger, string kind, string scope, double delaySeconds, string reason);

    [LoggerMessage(14, LogLevel.Information, "Watching {Kind} in {Scope} again after {OutageSeconds} s")]
    public static partial void WatchRecovered(ILogger logger, string kind, string scope, double outageSeconds);

    [LoggerMessage(15, LogLevel.Error, "{Kind} {Key} cannot be read and is passed over until it changes: {Reason}")]
    public static partial void ObjectUndecodable(ILogger logger, string kind, string key, string reason);

    [LoggerMessage(20, LogLevel.Information, "{Kind} controller: {Workers} workers started")]
    public static partial void ControllerStarted(ILogger logger, string kind, int workers);

    [LoggerMessage(21, LogLevel.Information, "{Kind} controller: all workers stopped")]
    public static partial void ControllerStopped(ILogger logger, string kind);

    [LoggerMessage(22, LogLevel.Error, "{Kind} {Key} failed; next try in {DelaySeconds} s: {Reason}")]
    public static partial void ReconcileFailed(ILogger logger, Exception? error, string kind, string key, double delaySeconds, string reason);

    [LoggerMessage(23, LogLevel.Warning, "{Kind} {Key} cannot be reconciled until it is changed: {Reason}")]
    public static partial void ReconcileFailedForGood(ILogger logger, string kind, string key, string reason);

    [LoggerMessage(24, LogLevel.Debug, "{Kind} {Key}: {Result} after {DurationMs} ms")]
    public static partial void Reconciled(ILogger logger, string kind, string key, string result, double durationMs);

    [LoggerMessage(30, LogLevel.Information, "{Identity} leads (lease {Lease})")]
    public static partial void LeadershipAcquired(ILogger logger, string identity, string lease);

    [LoggerMessage(31, LogLevel.Error, "{Identity} no longer leads (lease {Lease}): {Reason}. The process ends")]
    public static partial void LeadershipLost(ILogger logger, string identity, string lease, string reason);

    [LoggerMessage(38, LogLevel.Warning, "{Identity} could not renew lease {Lease} for {DeadlineSeconds} s and goes on leading until another replica does")]
    public static partial void LeadsUnproven(ILogger logger, string identity, string lease, double deadlineSeconds);

    [LoggerMessage(32, LogLevel.Information, "Lease {Lease} is held by {Holder}")]
    public static partial void LeaseHeldByOther(ILogger logger, string lease, string holder);

    [LoggerMessage(33, LogLevel.Warning, "Lease {Lease} cannot be read or written: {Reason}")]
    public static partial void LeaseFailed(ILogger logger, string lease, string reason);

    [LoggerMessage(34, LogLevel.Information, "{Identity} gave up lease {Lease}")]
    public static partial void LeaseReleased(ILogger logger, string identity, string lease);

    [LoggerMessage(35, LogLevel.Error, "{Work} failed; it starts again in {DelaySeconds} s")]
    public static partial void WorkFailed(ILogger logger, Exception error, string work, double delaySeconds);

    [LoggerMessage(40, LogLevel.Warning, "An event about {Kind} {Key} could not be written: {Reason}")]
    public static partial void EventFailed(ILogger logger, string kind, string key, string reason);

    [LoggerMessage(50, LogLevel.Information, "Kubernetes API at {Server}, from {Source}")]
    public static partial void Connected(ILogger logger, string server, string source);

    [LoggerMessage(51, LogLevel.Warning, "Stopping: work was still running after {DrainSeconds} s and is cut short")]
    public static partial void DrainTimedOut(ILogger logger, double drainSeconds);

    [LoggerMessage(52, LogLevel.Critical, "Leader election failed; the process ends")]
    public static partial void ElectionFailed(ILogger logger, Exception error);

    [LoggerMessage(53, LogLevel.Critical, "The leader's work could not be run; the process ends")]
    public static partial void LeadingFailed(ILogger logger, Exception error);

    [LoggerMessage(54, LogLevel.Critical, "This replica's work could not be run; the process ends")]
    public static partial void WorkingFailed(ILogger logger, Exception error);
}
