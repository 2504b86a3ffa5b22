using System.Runtime.InteropServices;

namespace Segmentation.Cli.Reading;

/// <summary>A place between two records of a file.</summary>
/// <param name="Offset">Bytes before this place, a byte order mark and a header included.</param>
/// <param name="Line">Lines before this place.</param>
/// <param name="Row">Records before this place; neither a header nor an empty line is one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Position(long Offset, long Line, long Row)
{
    public static Position Start => default;
}
