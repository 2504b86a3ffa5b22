using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Docs;

/// <summary>A fenced piece of a document.</summary>
/// <param name="Language">What stands behind the opening fence; empty when nothing does.</param>
internal sealed record CodeBlock(string Language, string Text);

/// <summary>One document of the project, taken apart as far as the tests need it.</summary>
internal sealed partial class MarkdownFile
{
    private readonly string _prose;

    private MarkdownFile(string path)
    {
        Path = path;
        Text = File.ReadAllText(FullPath);
        Blocks = [.. Fence().Matches(Text).Select(m => new CodeBlock(m.Groups["language"].Value.Trim(), m.Groups["text"].Value))];
        _prose = Fence().Replace(Text, "\n");
    }

    /// <summary>Every document: those in the root folder and everything in docs.</summary>
    public static IReadOnlyList<MarkdownFile> All { get; } =
    [
        .. Directory.GetFiles(RepositoryRoot.Folder, "*.md").Concat(Directory.GetFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(file => new MarkdownFile(System.IO.Path.GetRelativePath(RepositoryRoot.Folder, file))),
    ];

    /// <summary>Relative to the root.</summary>
    public string Path { get; }

    public string FullPath => RepositoryRoot.Combine(Path);

    public string Text { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    /// <summary>Targets of links outside of code.</summary>
    public IEnumerable<string> Links => Link().Matches(InlineCode().Replace(_prose, "")).Select(m => m.Groups["target"].Value);

    /// <summary>Pieces between backticks.</summary>
    public IEnumerable<string> InlineCodes => InlineCode().Matches(_prose).Select(m => m.Groups["code"].Value);

    /// <summary>The cells of every table row, headers and rulers included.</summary>
    public IEnumerable<string[]> TableRows =>
        _prose.Split('\n').Where(line => line.StartsWith('|')).Select(line => CellBorder().Split(line.Trim().Trim('|')).Select(cell => cell.Trim()).ToArray());

    /// <summary>The anchors of its headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors =>
        Heading().Matches(_prose).Select(m => NotInAnchor().Replace(m.Groups["title"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    public static MarkdownFile Of(string path) => All.Single(file => file.Path == path);

    public override string ToString() => Path;

    [GeneratedRegex(@"^```(?<language>[^\n`]*)\n(?<text>.*?)^```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Link();

    [GeneratedRegex("`(?<code>[^`\n]+)`", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^#{1,6} (?<title>.+)$", RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex CellBorder();
}
