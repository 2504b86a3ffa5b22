using Segmentation.Cli.Reading;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Import;

/// <param name="Target">Where the events go.</param>
/// <param name="File">Where they come from.</param>
/// <param name="BatchEvents">The most events in a request.</param>
/// <param name="Parallel">The most requests under way at once.</param>
/// <param name="RejectsPath">Where rejected rows go; null keeps none.</param>
/// <param name="Restart">Begin at the file's start, whatever an earlier import reached.</param>
internal sealed record ImportSettings(
    ServerSettings Target, EventFile File, int BatchEvents, int Parallel, string? RejectsPath, bool Restart)
{
    /// <summary>The most bytes in a request's body, unless a single event is larger.</summary>
    public const int BatchBytes = 1024 * 1024;

    /// <summary>Equal for imports of which one may go on where the other stopped.</summary>
    public string Fingerprint() => $"{Target.Address}\n{Target.Workspace}\n{File.Mapping?.Fingerprint() ?? "jsonl"}";
}

/// <summary>How an import ended.</summary>
/// <param name="Accepted">Events that the server keeps, those of the interrupted runs before included.</param>
/// <param name="Rejected">Rows that were rejected, those of the interrupted runs before included.</param>
/// <param name="IgnoredFields">Fields that the server does not know.</param>
/// <param name="AcceptedNow">Events of this run alone.</param>
/// <param name="Elapsed">The time of this run alone.</param>
/// <param name="ResumedBehindLine">The last line of the interrupted run; null when the import began at the file's start.</param>
/// <param name="FirstRejected">The first rejected rows of this run.</param>
internal sealed record ImportSummary(
    long Accepted,
    long Rejected,
    long IgnoredFields,
    long AcceptedNow,
    TimeSpan Elapsed,
    long? ResumedBehindLine,
    IReadOnlyList<RejectedRow> FirstRejected);
