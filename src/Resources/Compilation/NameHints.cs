namespace Segmentation.Resources;

/// <summary>Hints for mistyped names, each looked for once: thousands of segments may miss the same one.</summary>
internal sealed class NameHints(IReadOnlyCollection<string> names)
{
    private readonly Dictionary<string, string> hints = new(StringComparer.Ordinal);

    /// <summary>See <see cref="NearestName.Hint"/>.</summary>
    public string For(string missing)
    {
        if (!hints.TryGetValue(missing, out var hint))
            hints.Add(missing, hint = NearestName.Hint(missing, names));
        return hint;
    }
}
