using Kubernetes.Model;
using Segmentation.Resources;

namespace Segmentation.Cli.Offline;

/// <summary>The Segments and RfmPolicies of files and folders, which together stand for one workspace.</summary>
internal sealed class DefinitionFiles
{
    private static readonly string[] _extensions = [".yaml", ".yml", ".json"];

    private readonly Dictionary<string, string> _definedIn = [];
    private readonly List<string> _problems = [];

    public Dictionary<string, SegmentSpec> Segments { get; } = [];

    public Dictionary<string, RfmPolicySpec> Policies { get; } = [];

    /// <param name="paths">Files; folders, whose YAML and JSON files are read without those of their subfolders; <c>-</c> for standard input.</param>
    /// <param name="terminal">Where standard input comes from.</param>
    /// <exception cref="CliException">A file cannot be read, or an API server would refuse what it says.</exception>
    public static DefinitionFiles Read(IEnumerable<string> paths, Terminal terminal)
    {
        var files = new DefinitionFiles();
        foreach (string path in paths.SelectMany(Expand))
            files.Add(path, Text(path, terminal));
        if (files._problems.Count > 0)
            throw CliException.BadInput(string.Join("\n       ", files._problems));
        if (files.Segments.Count == 0)
            throw CliException.BadInput("no file holds a Segment", $"name one with -f; it starts with apiVersion: {SegmentationApi.GroupVersion} and kind: Segment");
        return files;
    }

    /// <summary>The file itself; of a folder, its YAML and JSON files without those of its subfolders.</summary>
    public static IEnumerable<string> Expand(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path).Where(file => _extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)
        : [path];

    /// <summary>The text of a file; <c>-</c> is standard input.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static string Text(string path, Terminal terminal)
    {
        using var reader = new StreamReader(path == "-" ? terminal.Input : Reading.InputFile.Open(path));
        return reader.ReadToEnd();
    }

    private void Add(string path, string text)
    {
        ResourceFileContent content = ResourceFile.Read(text);
        _problems.AddRange(content.Errors.Select(error => $"{path} {error}"));
        foreach (Segment segment in content.Segments)
        {
            if (IsFirst(path, segment))
                Segments.Add(segment.Metadata.Name, segment.Spec);
        }
        foreach (RfmPolicy policy in content.RfmPolicies)
        {
            if (IsFirst(path, policy))
                Policies.Add(policy.Metadata.Name, policy.Spec);
        }
    }

    private bool IsFirst(string path, IKubernetesObject definition)
    {
        string name = $"{definition.Kind} {definition.Metadata.Name}";
        if (_definedIn.TryAdd(name, path))
            return true;
        _problems.Add($"{path}: {name} is defined in {_definedIn[name]} already; evaluate the definitions of one workspace at a time");
        return false;
    }
}
