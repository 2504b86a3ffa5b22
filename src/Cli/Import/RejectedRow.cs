namespace Segmentation.Cli.Import;

/// <summary>A row that did not become an event.</summary>
/// <param name="Line">The 1-based line that the row starts on.</param>
/// <param name="Reason">What is wrong and how to mend it.</param>
/// <param name="Source">The row as it stands in the file.</param>
internal sealed record RejectedRow(long Line, string Reason, ReadOnlyMemory<byte> Source);
