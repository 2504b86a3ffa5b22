using Segmentation.Resources;

namespace Segmentation.Cli.Linting;

/// <summary>A finding with its place in a file.</summary>
/// <param name="File">As given on the command line, or the file's name below a given folder.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Object">Such as <c>Segment vips</c>; empty where the file itself cannot be read.</param>
/// <param name="Finding">What was found.</param>
internal sealed record FileFinding(string File, long Line, string Object, LintFinding Finding);
