using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Kubernetes.Hosting;
using Segmentation.Operator.Storage;

namespace EndToEnd.Tests.Docs;

/// <summary>docs/configuration.md has every option with its default, and none that does not exist.</summary>
public sealed partial class ConfigurationTests
{
    // The program sets these itself before it reads the configuration.
    private static readonly string[] SetByTheProgram =
    [
        "Kubernetes__FieldManager", "Kubernetes__ReportingController", "Kubernetes__TriggerAnnotations__0",
        "Kubernetes__LeaderElection__LeaseName", "Kubernetes__LeaderElection__KeepLeadingWhileUnreachable", "Kubernetes__LeaderElection__ReplicaLabel",
    ];

    private static readonly Dictionary<string, string> Documented = Rows("docs/configuration.md");

    [Fact]
    public void Every_option_has_a_row_with_its_default()
    {
        foreach (var (variable, value) in Options().Where(option => !SetByTheProgram.Contains(option.Key)))
        {
            Documented.ShouldContainKey(variable);
            Documented[variable].ShouldBe(value, variable);
        }
    }

    [Fact]
    public void Every_row_is_an_option_that_exists() => Documented.Keys.Except(Options().Keys).ShouldBeEmpty();

    [Fact]
    public void The_README_gives_the_same_defaults()
    {
        var shown = Rows("README.md");

        shown.ShouldNotBeEmpty();
        foreach (var (variable, value) in shown) value.ShouldBe(Documented[variable], variable);
    }

    [Fact]
    public void Options_named_anywhere_exist()
    {
        var options = Options();
        var chart = Directory.GetFiles(RepositoryRoot.Combine("charts"), "*", SearchOption.AllDirectories).Select(path => (path, File.ReadAllText(path).Replace("__%d", "__0", StringComparison.Ordinal)));
        foreach (var (path, text) in MarkdownFile.All.Select(file => (file.Path, file.Text)).Concat(chart))
            Variable().Matches(text).Select(m => Index().Replace(m.Value, "__0")).Where(name => !options.ContainsKey(name)).ShouldBeEmpty(path);
    }

    private static Dictionary<string, string> Rows(string document) => MarkdownFile.Of(document).TableRows
        .Where(cells => cells.Length == 3 && cells[0].Contains("__", StringComparison.Ordinal))
        .ToDictionary(cells => cells[0].Split('`')[1], cells => cells[2].Trim('`'));

    // Program.cs says which class is bound to which section.
    private static Dictionary<string, string> Options()
    {
        var program = File.ReadAllText(RepositoryRoot.Combine("src", "Operator", "Program.cs"));
        var options = new Dictionary<string, string>();
        foreach (Match match in Section().Matches(program))
        {
            var type = typeof(RedisOptions).Assembly.GetTypes().Single(type => type.Name == match.Groups["type"].Value);
            Add(options, match.Groups["section"].Value, Activator.CreateInstance(type)!);
        }
        Add(options, "Kubernetes", new KubernetesRuntimeOptions());
        return options;
    }

    private static void Add(Dictionary<string, string> options, string path, object instance)
    {
        foreach (var property in instance.GetType().GetProperties())
        {
            var (name, value) = ($"{path}__{property.Name}", property.GetValue(instance));
            if (property.PropertyType == typeof(TimeProvider)) continue; // for code alone
            if (property.PropertyType.GenericTypeArguments is [{ IsClass: true } item] && item != typeof(string)) Add(options, name + "__0", Activator.CreateInstance(item)!);
            else if (value is IEnumerable and not string) options[name + "__0"] = "none";
            else if (property.PropertyType is { IsClass: true } type && type != typeof(string)) Add(options, name, value!);
            else options[name] = Text(value);
        }
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "empty";

    [GeneratedRegex(@"Configure<(?<type>\w+)>\([^;]*GetSection\(""(?<section>\w+)""\)", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Section();

    // Of a list, every item is as the first.
    [GeneratedRegex(@"__\d+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Index();

    [GeneratedRegex(@"\b(?:Redis|DataPlane|Retention|Http|Audiences|Kubernetes)__\w+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Variable();
}
