using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests.Definitions;

/// <summary>The folder <c>klaviyo</c>: what the API could have answered, and beside it the YAML and the findings that come of it.</summary>
internal static class KlaviyoFixtures
{
    private static readonly string[] _settings = ["metrics", "groups", "places"];

    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "tests", "Cli.Tests", "Definitions", "klaviyo");

    /// <summary>The names of the answers, without those of the files that options take.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Except(_settings).Order(StringComparer.Ordinal),
    ];

    public static string File(string name) => Path.Combine(Folder, name);

    public static Task<CliRun> ImportAsync(string file, params string[] more) => CliRun.OfAsync(
        ["import-definition", "--from", "klaviyo", file, .. _settings.SelectMany(name => (string[])[$"--{name}", File($"{name}.json")]), .. more]);
}
