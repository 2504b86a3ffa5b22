using Segmentation.Resources;

namespace Segmentation.Cli.Definitions;

/// <summary>What became of one segment of a foreign system.</summary>
/// <param name="Path">Where it stands in the source.</param>
/// <param name="Id">Its id there, if it has one.</param>
/// <param name="Title">Its name there, if it has one.</param>
/// <param name="Resource">The Segment to write; null when it is not to be written.</param>
/// <param name="Findings">What did not come over as it was, in the order of the source.</param>
internal sealed record ImportedSegment(string Path, string? Id, string? Title, Segment? Resource, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether something of it is lost.</summary>
    public bool IsIncomplete => Findings.Any(finding => finding.Kind == FindingKind.Lost);

    /// <summary>What a person calls it.</summary>
    public string Label => Title ?? Id ?? Path;
}

/// <summary>What became of a file.</summary>
/// <param name="Segments">In the order of the source.</param>
/// <param name="Findings">About the file itself.</param>
internal sealed record ImportedDefinitions(IReadOnlyList<ImportedSegment> Segments, IReadOnlyList<Finding> Findings)
{
    public IEnumerable<Finding> AllFindings => Findings.Concat(Segments.SelectMany(segment => segment.Findings));

    public bool IsComplete => AllFindings.All(finding => finding.Kind != FindingKind.Lost);
}
