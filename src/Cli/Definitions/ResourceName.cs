using System.Text;

namespace Segmentation.Cli.Definitions;

/// <summary>Names that Kubernetes takes for an object.</summary>
internal static class ResourceName
{
    private const int LengthMax = 63;

    /// <summary>
    /// The name as Kubernetes would have it: lower-case letters, digits and single dashes, such as <c>vip-30-days</c> for <c>VIP (30
    /// days)</c>; null
    /// when nothing is left of it.
    /// </summary>
    public static string? From(string title)
    {
        var name = new StringBuilder(LengthMax);
        foreach (char c in title)
        {
            if (char.IsAsciiLetterOrDigit(c))
                name.Append(char.ToLowerInvariant(c));
            else if (name.Length > 0 && name[^1] != '-')
                name.Append('-');
            if (name.Length == LengthMax)
                break;
        }
        string result = name.ToString().TrimEnd('-');
        return result.Length == 0 ? null : result;
    }

    /// <summary>Whether the text is such a name already, with dots allowed between its parts.</summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 253 && name.Split('.').All(part =>
            part.Length is > 0 and <= LengthMax && part[0] != '-' && part[^1] != '-'
            && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    /// <summary>The name, or the name with the first number from 2 on that makes it new; it is added to those taken.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 2; !taken.Add(unique); i++)
        {
            string ending = $"-{i}";
            unique = name[..Math.Min(name.Length, LengthMax - ending.Length)].TrimEnd('-') + ending;
        }
        return unique;
    }
}
