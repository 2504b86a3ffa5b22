using System.Text.RegularExpressions;
using Segmentation;
using Segmentation.Resources;

namespace EndToEnd.Tests.Docs;

/// <summary>What the documents show as YAML is what the operator takes.</summary>
public sealed partial class YamlTests
{
    private const string Header = "apiVersion: segmentation.dev/v1alpha1\nkind: ";
    private static readonly string[] Conditions = [.. Fields(typeof(ConditionSpec)).Select(name => name + ":")];

    private static readonly string[] Lines =
        [.. MarkdownFile.Of("docs/segments.md").InlineCodes.Where(code => Conditions.Any(key => code.StartsWith(key + " ", StringComparison.Ordinal)))];

    public static TheoryData<string> DocumentsWithResources => [.. MarkdownFile.All.Where(file => ResourceBlocks(file).Any()).Select(file => file.Path)];

    public static TheoryData<string> ConditionLines => [.. Lines];

    [Theory, MemberData(nameof(DocumentsWithResources))]
    public void Resources_have_the_shape_that_a_server_takes_and_compile(string document)
    {
        var contents = ResourceBlocks(MarkdownFile.Of(document)).Select(block => ResourceFile.Read(block.Text)).ToArray();

        contents.SelectMany(content => content.Errors).Select(error => error.ToString()).ShouldBeEmpty(document);
        Problems(contents).ShouldBeEmpty(document);
    }

    [Theory, MemberData(nameof(ConditionLines))]
    public void Every_condition_of_the_table_compiles(string line)
    {
        var content = ResourceFile.Read($"{Header}Segment\nmetadata: {{name: shown}}\nspec:\n  match:\n    {line}\n");

        content.Errors.Select(error => error.ToString()).ShouldBeEmpty();
        Problems([content]).ShouldBeEmpty();
    }

    [Fact]
    public void The_table_shows_every_condition_and_operator_that_there_is()
    {
        var shown = string.Join('\n', Lines) + string.Join('\n', MarkdownFile.Of("docs/segments.md").InlineCodes.Select(code => code + ":"));
        var types = new[]
        {
            typeof(ConditionSpec), typeof(EventConditionSpec), typeof(SequenceConditionSpec), typeof(SequenceStepSpec), typeof(FirstTimeConditionSpec),
            typeof(RestartedConditionSpec), typeof(StoppedConditionSpec), typeof(ComparisonSpec), typeof(PropertyOperators),
        };
        foreach (var name in types.SelectMany(Fields))
            shown.ShouldContain(name + ":");
    }

    [Fact]
    public void Every_sample_is_in_the_table_of_samples()
    {
        var shown = MarkdownFile.Of("docs/samples.md").TableRows.Select(cells => cells[0]).ToList();
        foreach (var name in Directory.GetFiles(RepositoryRoot.Combine("config", "samples")).Select(Path.GetFileName))
            shown.ShouldContain($"[{name}](../config/samples/{name})");
    }

    [Fact]
    public void Every_reason_of_a_wrong_spec_is_explained()
    {
        var explained = MarkdownFile.Of("docs/segments.md").TableRows.Select(cells => cells[0].Trim('`')).ToHashSet();
        foreach (var reason in typeof(ProblemReasons).GetFields().Select(field => (string)field.GetRawConstantValue()!)) explained.ShouldContain(reason);
    }

    private static IEnumerable<string> Fields(Type type) =>
        type.GetProperties().Select(property => property.Name).Where(name => name != "EqualityContract").Select(name => char.ToLowerInvariant(name[0]) + name[1..]);

    // The documents speak of the samples' namespace, so what they refer to may be a sample.
    private static IEnumerable<string> Problems(IReadOnlyList<ResourceFileContent> contents)
    {
        var known = Directory.GetFiles(RepositoryRoot.Combine("config", "samples"), "*.yaml").Select(file => ResourceFile.Read(File.ReadAllText(file)))
            .Append(ResourceFile.Read($"{Header}Segment\nmetadata: {{name: staff}}\nspec: {{match: {{property: {{name: staff, eq: \"true\"}}}}}}\n"))
            .Concat(contents).ToArray();
        var segments = known.SelectMany(content => content.Segments).GroupBy(segment => segment.Metadata.Name).ToDictionary(group => group.Key, group => group.Last().Spec);
        var policies = known.SelectMany(content => content.RfmPolicies).GroupBy(policy => policy.Metadata.Name).ToDictionary(group => group.Key, group => group.Last().Spec);
        var workspace = WorkspaceCompiler.Compile(segments, policies, new Dictionary<string, RfmBreakPoints>());
        return contents.SelectMany(content => content.Segments).SelectMany(segment => workspace.Segments[segment.Metadata.Name].Problems)
            .Concat(contents.SelectMany(content => content.RfmPolicies).SelectMany(policy => workspace.Policies[policy.Metadata.Name].Problems))
            .Concat(contents.SelectMany(content => content.AudienceSyncs).SelectMany(sync => AudienceSyncCompiler.Compile(sync.Spec).Problems))
            .Select(problem => problem.ToString());
    }

    // YAML as such, and what shell examples hand to kubectl.
    private static IEnumerable<CodeBlock> ResourceBlocks(MarkdownFile file) =>
        file.Blocks.Where(block => block.Language == "yaml")
            .Concat(file.Blocks.Where(block => block.Language == "sh").SelectMany(block => HereDocument().Matches(block.Text).Select(m => new CodeBlock("yaml", m.Groups["text"].Value))))
            .Where(block => block.Text.Contains("apiVersion: segmentation.dev/", StringComparison.Ordinal));

    [GeneratedRegex(@"<<'YAML'\n(?<text>.*?)^YAML$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex HereDocument();
}
