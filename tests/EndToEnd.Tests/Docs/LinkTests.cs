using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Docs;

public sealed partial class LinkTests
{
    private static readonly string[] Folders = ["src/", "config/", "charts/", "tests/", "docs/", ".ci/"];

    public static TheoryData<string> Documents => [.. MarkdownFile.All.Select(file => file.Path)];

    [Theory, MemberData(nameof(Documents))]
    public void Links_lead_to_files_and_headings_that_exist(string document)
    {
        var file = MarkdownFile.Of(document);
        foreach (var link in file.Links.Where(link => !link.StartsWith("http", StringComparison.Ordinal)))
        {
            var parts = link.Split('#', 2);
            var target = parts[0].Length == 0 ? file.FullPath : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file.FullPath)!, parts[0]));
            (File.Exists(target) || Directory.Exists(target)).ShouldBeTrue($"{document} links to {link}");
            if (parts.Length == 2) MarkdownFile.Of(Path.GetRelativePath(RepositoryRoot.Folder, target)).Anchors.ShouldContain(parts[1], $"{document} links to {link}");
        }
    }

    [Theory, MemberData(nameof(Documents))]
    public void Files_that_are_named_exist(string document)
    {
        var file = MarkdownFile.Of(document);
        var named = file.InlineCodes.Concat(file.Blocks.Where(block => block.Language == "sh").SelectMany(block => Word().Matches(block.Text).Select(m => m.Value)))
            .Select(name => name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name)
            .Where(name => Folders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal)) && !name.Contains(' ') && !name.Contains('*') && !name.Contains('<'));
        foreach (var name in named)
        {
            var path = RepositoryRoot.Combine(name);
            (File.Exists(path) || Directory.Exists(path)).ShouldBeTrue($"{document} names {name}");
        }
    }

    [Fact]
    public void The_two_walks_name_the_files_that_do_the_work()
    {
        var walks = MarkdownFile.Of("README.md").InlineCodes.Where(code => code.StartsWith("src/", StringComparison.Ordinal)).ToHashSet();

        walks.Count.ShouldBeGreaterThan(20);
        foreach (var script in Directory.GetFiles(RepositoryRoot.Combine("src/Operator/Storage/Scripts"), "*.lua").Select(Path.GetFileName))
        {
            if (script is "append.lua" or "commit.lua" or "activate.lua") walks.ShouldContain("src/Operator/Storage/Scripts/" + script);
        }
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_short()
    {
        var decisions = MarkdownFile.All.Where(file => file.Path.StartsWith("docs/decisions/", StringComparison.Ordinal) && !file.Path.EndsWith("README.md", StringComparison.Ordinal)).ToArray();

        decisions.Select(file => Path.GetFileName(file.Path)[..4]).ShouldBe(Enumerable.Range(1, decisions.Length).Select(n => $"{n:0000}"));
        var index = MarkdownFile.All.Single(static file => file.Path == "docs/decisions/README.md").Text;
        foreach (var decision in decisions)
        {
            index.ShouldContain($"]({Path.GetFileName(decision.Path)})");
            decision.Text.TrimEnd().Split('\n').Length.ShouldBeLessThanOrEqualTo(40, decision.Path);
            decision.Anchors.ShouldBe([decision.Anchors.First(), "context", "decision", "consequences"], decision.Path);
        }
    }

    [GeneratedRegex(@"(?<=^|[\s""'=])(?:\./)?(?:src|config|charts|tests|docs|\.ci)/[\w./-]+", RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Word();
}
