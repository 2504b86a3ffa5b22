namespace Segmentation.Resources;

/// <summary>How the place of a value is written: <c>spec.match.all[0].event</c>.</summary>
internal static class FieldPath
{
    // A name that somebody else wrote may be of any length; conditions and events are not.
    private const int NameShownMax = 64;

    public static string Field(string path, string name)
    {
        name = name.Length <= NameShownMax ? name : name[..NameShownMax] + "…";
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>The value that this one lies in; empty for a field of the root.</summary>
    public static string Parent(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
