using System.Text.RegularExpressions;

namespace EndToEnd.Tests.Docs;

/// <summary>docs/runtime.md and docs/operations.md name tests that exist.</summary>
public sealed partial class PromisesTests
{
    private static readonly string[] Sources =
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Combine("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Every_promise_is_shown_by_a_test_that_exists()
    {
        var promises = MarkdownFile.Of("docs/runtime.md").TableRows.Where(cells => cells.Length == 2 && cells[1] != "shown by" && !cells[0].StartsWith('-')).ToArray();

        promises.Length.ShouldBeGreaterThan(30);
        foreach (var cells in promises) ShouldBeShown(cells[0], cells[1]);
    }

    [Fact]
    public void Every_fault_that_is_survived_is_shown_by_a_test_that_exists()
    {
        var faults = MarkdownFile.Of("docs/operations.md").TableRows.SkipWhile(cells => cells[0] != "fault").Skip(2).TakeWhile(cells => cells.Length == 4).ToArray();

        faults.Length.ShouldBeGreaterThan(10);
        foreach (var cells in faults) ShouldBeShown(cells[0], cells[3]);
    }

    private static void ShouldBeShown(string promise, string by)
    {
        var tests = Named().Matches(by);
        tests.Count.ShouldBeGreaterThan(0, promise);
        foreach (Match test in tests)
        {
            var file = Sources.SingleOrDefault(path => Path.GetFileNameWithoutExtension(path) == test.Groups["class"].Value);
            file.ShouldNotBeNull(test.Value);
            if (test.Groups["method"].Success) File.ReadAllText(file).ShouldContain($" {test.Groups["method"].Value}(");
        }
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)(?:\.(?<method>\w+))?`", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Named();
}
