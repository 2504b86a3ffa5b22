namespace Segmentation.Cli.Reading;

/// <summary>One row of an event file. Its memory is valid until the next row is read.</summary>
/// <param name="Line">The 1-based line that the row starts on.</param>
/// <param name="End">The place behind the row.</param>
/// <param name="Source">The row as it stands in the file.</param>
/// <param name="Json">The event as one JSON object on one line; empty when there is a problem.</param>
/// <param name="Problem">Why the row cannot be read as an event, without the customer's data; null when it can.</param>
internal readonly record struct EventRow(
    long Line, Position End, ReadOnlyMemory<byte> Source, ReadOnlyMemory<byte> Json, string? Problem);

/// <summary>Reads the events of a file in its order.</summary>
internal abstract class EventSource : IDisposable
{
    /// <exception cref="CliException">The rest of the file cannot be read.</exception>
    public abstract bool TryRead(out EventRow row);

    public abstract void Dispose();
}
