using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EndToEnd.Tests.Docs;

namespace EndToEnd.Tests.Chart;

public sealed partial class ChartValuesTests
{
    // Helm puts it there itself when the chart is part of another one.
    private const string HelmsOwn = "global";

    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(HelmChart.File("values.schema.json")))!;

    [Theory]
    [InlineData("replicas: two", "replicas")]
    [InlineData("replicas: -1", "replicas")]
    [InlineData("image: {pullPolicy: Sometimes}", "pullPolicy")]
    [InlineData("image: {repository: ''}", "repository")]
    [InlineData("redis: {configurtion: 'redis:6379'}", "configurtion")]
    [InlineData("redis: redis:6379", "redis")]
    [InlineData("watchNamespaces: acme", "watchNamespaces")]
    [InlineData("watchNamespaces: [Acme]", "watchNamespaces")]
    [InlineData("watchNamespaces: [acme, acme]", "watchNamespaces")]
    [InlineData("settings: {Redis.Partitions: 64}", "settings")]
    [InlineData("settings: {Rdis__Partitions: 64}", "settings")]
    [InlineData("settings: {Redis__Partitions: [64]}", "Redis__Partitions")]
    [InlineData("extraEnv: {A: b}", "extraEnv")]
    [InlineData("extraEnv: [{value: b}]", "extraEnv")]
    [InlineData("extraEnv: [{name: A, value: 1}]", "extraEnv")]
    [InlineData("service: {port: 70000}", "port")]
    [InlineData("service: {type: ExternalName}", "service")]
    [InlineData("podAnnotations: {scrape: true}", "scrape")]
    [InlineData("podDisruptionBudget: {maxUnavailable: half}", "maxUnavailable")]
    [InlineData("serviceMonitor: {interval: 30}", "interval")]
    [InlineData("serviceMonitor: {enabled: 'yes'}", "enabled")]
    [InlineData("fullnameOverride: Segments_EU", "fullnameOverride")]
    [InlineData("nonsense: 1", "nonsense")]
    public async Task A_wrong_value_is_refused_by_name(string values, string named)
    {
        var refused = await HelmChart.TryRenderAsync(values);

        refused.ExitCode.ShouldNotBe(0);
        refused.Output.ShouldBeEmpty();
        refused.Error.ShouldContain(named);
        refused.Error.ShouldContain("schema");
    }

    [Fact]
    public async Task Without_any_address_of_Redis_the_message_says_where_to_give_it()
    {
        var refused = await HelmChart.TryRenderAsync("redis: {configuration: ''}");

        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain("redis.configuration is empty; give the address of Redis there, or the name of a Secret in redis.existingSecret");
    }

    [Fact]
    public void Every_value_has_a_default_and_a_comment_and_a_schema()
    {
        var documented = Lines().ToDictionary(line => line.Path, line => line.HasComment);
        var specified = Paths(Schema, "").ToHashSet();

        foreach (var (path, isLeaf) in specified)
        {
            documented.ShouldContainKey(path);
            if (isLeaf) documented[path].ShouldBeTrue($"a line of comment above {path} in values.yaml");
        }

        // Below a value that is passed on as it is, nothing is ours to document.
        foreach (var path in documented.Keys.Where(path => !specified.Any(known => known.IsLeaf && path.StartsWith(known.Path + ".", StringComparison.Ordinal))))
            specified.Select(known => known.Path).ShouldContain(path);
    }

    [Fact]
    public void The_chart_installs_the_version_that_is_built_here() =>
        File.ReadAllText(HelmChart.File("Chart.yaml")).ShouldContain($"\nappVersion: {BuiltVersion()}\n");

    [Fact]
    public void Every_image_that_is_named_is_of_the_version_that_is_built_here()
    {
        var texts = MarkdownFile.All.Where(file => file.Path != "CHANGELOG.md").Select(file => file.Text)
            .Append(File.ReadAllText(RepositoryRoot.Combine("config/operator.yaml")));

        var tags = texts.SelectMany(text => ImageTag().Matches(text)).Select(match => match.Groups["tag"].Value).ToArray();

        tags.Length.ShouldBeGreaterThan(2);
        tags.ShouldAllBe(tag => tag == BuiltVersion());
    }

    [Fact]
    public void Every_documented_setting_may_be_given()
    {
        var schema = JsonNode.Parse(File.ReadAllText(HelmChart.File("values.schema.json")))!;
        var pattern = new Regex((string)schema["properties"]!["settings"]!["propertyNames"]!["pattern"]!, RegexOptions.None, TimeSpan.FromMinutes(1));
        var names = Variable().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "configuration.md"))).Select(match => match.Groups["name"].Value).ToArray();
        names.Length.ShouldBeGreaterThan(40);
        names.Where(name => !pattern.IsMatch(name)).ShouldBeEmpty();
    }

    private static IEnumerable<(string Path, bool IsLeaf)> Paths(JsonNode schema, string above)
    {
        foreach (var (name, property) in schema["properties"]!.AsObject().Where(property => property.Key != HelmsOwn))
        {
            var isLeaf = property!["properties"] is null;
            yield return (above + name, isLeaf);
            if (isLeaf) continue;
            foreach (var below in Paths(property, above + name + ".")) yield return below;
        }
    }

    private static string BuiltVersion() => Version().Match(File.ReadAllText(RepositoryRoot.Combine("Directory.Build.props"))).Groups["version"].Value;

    // Every key of values.yaml with its path.
    private static IEnumerable<(string Path, bool HasComment)> Lines()
    {
        var (parents, previous) = (new Stack<(int Indent, string Path)>(), "");
        foreach (var line in File.ReadLines(HelmChart.File("values.yaml")))
        {
            if (Key().Match(line) is { Success: true } key)
            {
                var indent = key.Groups["indent"].Length;
                while (parents.TryPeek(out var parent) && parent.Indent >= indent) parents.Pop();
                var path = (parents.TryPeek(out var above) ? above.Path + "." : "") + key.Groups["name"].Value;
                parents.Push((indent, path));
                yield return (path, previous.TrimStart().StartsWith('#'));
            }

            previous = line;
        }
    }

    [GeneratedRegex(@"^(?<indent> *)(?:- )?(?<name>[\w./-]+):(?: |$)", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Key();

    [GeneratedRegex("^[|] `(?<name>[A-Za-z0-9]+__[A-Za-z0-9_.]+)`", RegexOptions.Multiline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"segmentation-operator:(?<tag>\d[\w.-]*\w)", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex ImageTag();

    [GeneratedRegex("<Version>(?<version>[^<]+)<", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Version();
}
