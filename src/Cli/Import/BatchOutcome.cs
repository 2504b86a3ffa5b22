using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Import;

/// <summary>What became of a batch: every row of it is either durable on the server or rejected.</summary>
/// <param name="Number">The batch's number.</param>
/// <param name="End">The place behind the batch's last row.</param>
/// <param name="Accepted">Events that the server keeps; those it had already count too.</param>
/// <param name="IgnoredFields">Fields that the server does not know.</param>
/// <param name="Rejected">In the file's order.</param>
internal sealed record BatchOutcome(long Number, Position End, int Accepted, long IgnoredFields, IReadOnlyList<RejectedRow> Rejected);
