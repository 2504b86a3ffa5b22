using Resources.Tests.Oracle;
using Segmentation;

namespace Resources.Tests.Cases;

public sealed class CaseTableTests
{
    private const int CasesMin = 150;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (file, name) in CaseTable.Names)
                rows.Add(file, name);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_engine_answers_as_the_table_says(string file, string name)
    {
        var it = CaseTable.Read(file, name);
        var compiled = Engine.Compile(it.Workspace).Segments["it"];
        compiled.Problems.ShouldBeEmpty();
        var profile = Engine.Deliver(it.Profile, seed: 1);
        var evaluation = new Evaluation();
        foreach (var expectation in it.Expectations)
        {
            evaluation.Begin(profile, expectation.AtMs);
            evaluation.Evaluate(compiled.Definition!).Matches.ShouldBe(expectation.Member, Words(expectation));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void So_does_the_brute_force(string file, string name)
    {
        var it = CaseTable.Read(file, name);
        var oracle = new BruteForce(it.Workspace, it.Profile);
        foreach (var expectation in it.Expectations)
            oracle.Holds("it", expectation.AtMs).ShouldBe(expectation.Member, Words(expectation));
    }

    [Fact]
    public void There_are_cases_of_every_kind_of_condition()
    {
        var cases = CaseTable.Names.Select(row => CaseTable.Read(row.File, row.Case)).ToList();
        var kinds = cases.SelectMany(it => Features.Leaves(it.Workspace, "it")).SelectMany(Features.Of).Where(feature => !feature.Contains('.')).ToHashSet();

        cases.Count.ShouldBeGreaterThanOrEqualTo(CasesMin);
        Features.All.Where(feature => !feature.Contains('.') && !feature.Contains('=')).Except(["all", "any", "none"]).Except(kinds).ShouldBeEmpty();
    }

    private static string Words(Expectation expectation) => $"at {DateTimeOffset.FromUnixTimeMilliseconds(expectation.AtMs):O}: {expectation.Why}";
}
