using System.CommandLine;

namespace Segmentation.Cli;

/// <summary>Bounds for whole numbers on the command line.</summary>
internal static class NumberOption
{
    /// <summary>Refuses values below <paramref name="lowest"/> and above <paramref name="highest"/>; both are allowed themselves.</summary>
    public static void InRange(this Option<int> option, int lowest, int highest) => option.Validators.Add(result =>
    {
        // What is no number at all is reported by the parser.
        if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && (value < lowest || value > highest))
            result.AddError($"{option.Name}: {value} is not between {lowest} and {highest}");
    });
}
