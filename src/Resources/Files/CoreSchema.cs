using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Segmentation.Resources;

/// <summary>
/// What an unquoted YAML scalar means: the core schema of YAML 1.2, and where kubectl, which reads YAML 1.1, would differ.
/// </summary>
internal static class CoreSchema
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture;

    private static readonly Regex DecimalNumber = new(
        @"\A(?<sign>[-+]?)((?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?<exponent>[eE][-+]?[0-9]{1,4})?\z", Linear);

    private static readonly Regex OctalNumber = new(@"\A0o[0-7]{1,20}\z", Linear);

    private static readonly Regex OldNumber = new(@"\A[-+]?(0[0-9_]+|0b[01_]+|0o[0-7]+|[0-9][0-9_]*_[0-9_]*)\z", Linear);

    private static readonly HashSet<string> OldBooleans = new(
        ["y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"], StringComparer.Ordinal);

    /// <summary>Null, a boolean, a number with all its digits, or the text itself.</summary>
    public static JsonNode? Resolve(string plain)
    {
        switch (plain)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        if (DecimalNumber.Match(plain) is { Success: true } number)
            return JsonNode.Parse(AsJson(number));
        return Radix(plain) is { } whole ? JsonValue.Create(whole) : JsonValue.Create(plain);
    }

    /// <summary>
    /// What kubectl takes the unquoted scalar for when that is something else than <see cref="Resolve"/> says, or null: <c>NO</c> is Norway
    /// here and false there, <c>01067</c> a number here and an octal one there.
    /// </summary>
    public static string? ReadByKubectlAs(string plain)
    {
        if (OldBooleans.Contains(plain))
            return "a boolean";
        return OldNumber.IsMatch(plain) ? "another number" : null;
    }

    private static string AsJson(Match number)
    {
        var whole = number.Groups["whole"].Value.TrimStart('0');
        var fraction = number.Groups["fraction"].Value;
        return (number.Groups["sign"].Value == "-" ? "-" : "") + (whole.Length == 0 ? "0" : whole)
            + (fraction.Length == 0 ? "" : "." + fraction) + number.Groups["exponent"].Value;
    }

    private static long? Radix(string plain)
    {
        if (plain.StartsWith("0x", StringComparison.Ordinal)
            && long.TryParse(plain.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal))
            return hexadecimal;
        return OctalNumber.IsMatch(plain) ? Convert.ToInt64(plain[2..], 8) : null;
    }
}
