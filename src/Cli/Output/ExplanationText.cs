using System.Text.Json;

namespace Segmentation.Cli.Output;

/// <summary>Shows explanations to a person: for each segment the answer, then its conditions as a tree.</summary>
internal static class ExplanationText
{
    private const string Holds = "✓";
    private const string DoesNotHold = "✗";

    public static void Write(TextWriter output, IReadOnlyList<JsonElement> explanations)
    {
        for (int i = 0; i < explanations.Count; i++)
        {
            if (i > 0)
                output.WriteLine();
            Write(output, explanations[i]);
        }
    }

    private static void Write(TextWriter output, JsonElement explanation)
    {
        bool matches = explanation.GetProperty("matches").GetBoolean();
        output.WriteLine($"{Text(explanation, "profileId")} is {(matches ? "in" : "not in")} {Text(explanation, "segment")} at {Text(explanation, "asOf")}");
        if (Text(explanation, "joinedAt") is { } joinedAt)
            output.WriteLine($"member since {joinedAt}");
        if (explanation.TryGetProperty("member", out JsonElement member) && member.GetBoolean() != matches)
            output.WriteLine($"{(matches ? "not served as a member yet" : "still served as a member")}: the change is on its way, or the segment is suspended");
        output.WriteLine(Text(explanation, "nextChange") is { } next
            ? $"{(matches ? "leaves" : "enters")} at {next} if nothing happens"
            : "stays so until something happens");
        output.WriteLine();
        WriteCondition(output, explanation.GetProperty("condition"), string.Empty, string.Empty);
    }

    private static void WriteCondition(TextWriter output, JsonElement condition, string branch, string indent)
    {
        string mark = condition.GetProperty("matches").GetBoolean() ? Holds : DoesNotHold;
        string path = Text(condition, "path")!;
        output.WriteLine($"{branch}{mark} {path[(path.LastIndexOf('.') + 1)..]}  {Text(condition, "condition")}");
        JsonElement[] parts = condition.TryGetProperty("conditions", out JsonElement list) ? [.. list.EnumerateArray()] : [];
        string below = indent + (parts.Length > 0 ? "│ " : "  ");
        string next = Text(condition, "nextChange") is { } change ? $" (may change at {change})" : string.Empty;
        if (Text(condition, "finding") is { Length: > 0 } finding)
            output.WriteLine($"{below}{finding}{next}");
        for (int i = 0; i < parts.Length; i++)
        {
            bool isLast = i == parts.Length - 1;
            WriteCondition(output, parts[i], indent + (isLast ? "└ " : "├ "), indent + (isLast ? "  " : "│ "));
        }
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
