using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kubernetes.Client.Configuration;

/// <summary>
/// One or more kubeconfig files read as one: the first file that names a cluster, user or context wins, and so does the first
/// that has a current context. Files that are missing are passed over, as kubectl does, as long as one is there.
/// </summary>
internal sealed class Kubeconfig
{
    private readonly Dictionary<string, KubeconfigSection> _clusters = [];
    private readonly Dictionary<string, KubeconfigSection> _users = [];
    private readonly Dictionary<string, KubeconfigSection> _contexts = [];

    private Kubeconfig(string source) => Source = source;

    public string Source { get; }

    public string? CurrentContext { get; private set; }

    public IReadOnlyDictionary<string, KubeconfigSection> Clusters => _clusters;

    public IReadOnlyDictionary<string, KubeconfigSection> Users => _users;

    public IReadOnlyDictionary<string, KubeconfigSection> Contexts => _contexts;

    /// <exception cref="ClientConfigurationException">No file is there, or one cannot be read.</exception>
    public static Kubeconfig Load(IReadOnlyList<string> files)
    {
        var present = files.Where(File.Exists).ToList();
        if (present.Count == 0)
            throw new ClientConfigurationException($"No kubeconfig at {string.Join(", ", files)}.");
        var merged = new Kubeconfig(string.Join(", ", present));
        foreach (var file in present)
            merged.Add(file);
        return merged;
    }

    private void Add(string file)
    {
        var root = ReadYaml(file);
        if (root is null)
            return;
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var document = new KubeconfigSection(root, file, folder);
        if (CurrentContext is null && document.Text("current-context") is { Length: > 0 } current)
            CurrentContext = current;
        AddNamed(document, "clusters", "cluster", _clusters);
        AddNamed(document, "users", "user", _users);
        AddNamed(document, "contexts", "context", _contexts);
    }

    private static YamlMappingNode? ReadYaml(string file)
    {
        try
        {
            using var reader = File.OpenText(file);
            var stream = new YamlStream();
            stream.Load(reader);
            if (stream.Documents.Count == 0)
                return null;
            return stream.Documents[0].RootNode as YamlMappingNode
                ?? throw new ClientConfigurationException($"{file} is not a kubeconfig: it must be a YAML mapping.");
        }
        catch (YamlException e)
        {
            throw new ClientConfigurationException($"{file}, line {e.Start.Line}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClientConfigurationException($"Cannot read {file}: {e.Message}", e);
        }
    }

    private static void AddNamed(KubeconfigSection document, string list, string field, Dictionary<string, KubeconfigSection> target)
    {
        foreach (var entry in document.List(list))
        {
            if (entry.Text("name") is { Length: > 0 } name && entry.Section(field) is { } section)
                target.TryAdd(name, section);
        }
    }
}

/// <summary>A mapping inside a kubeconfig that remembers which file it is from, since relative paths start there.</summary>
internal sealed class KubeconfigSection(YamlMappingNode node, string file, string folder)
{
    public string File => file;

    /// <summary>A scalar's text; null when absent, null or empty.</summary>
    public string? Text(string key) =>
        Child(key) is YamlScalarNode { Value: { Length: > 0 } value } scalar && !(scalar.Style == ScalarStyle.Plain && value is ("null" or "~"))
            ? value : null;

    public bool Flag(string key) => string.Equals(Text(key), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A path, made absolute against the folder of the file that holds it.</summary>
    public string? FilePath(string key) => Text(key) is { } path ? Path.GetFullPath(path, folder) : null;

    public KubeconfigSection? Section(string key) => Child(key) is YamlMappingNode child ? new(child, file, folder) : null;

    public IEnumerable<KubeconfigSection> List(string key) =>
        Child(key) is YamlSequenceNode list ? list.OfType<YamlMappingNode>().Select(item => new KubeconfigSection(item, file, folder)) : [];

    public IReadOnlyList<string> Texts(string key) =>
        Child(key) is YamlSequenceNode list ? [.. list.OfType<YamlScalarNode>().Select(item => item.Value ?? "")] : [];

    /// <summary>Text behind a key that holds base64, else the text of the file that <paramref name="fileKey"/> names.</summary>
    public (string Text, string Source)? Inline(string dataKey, string fileKey)
    {
        if (Text(dataKey) is { } data)
        {
            try
            {
                return (System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data)), $"{file} ({dataKey})");
            }
            catch (FormatException e)
            {
                throw new ClientConfigurationException($"{file}: {dataKey} is not base64.", e);
            }
        }

        if (FilePath(fileKey) is not { } path)
            return null;
        try
        {
            return (System.IO.File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClientConfigurationException($"{file}: {fileKey} names {path}, which cannot be read: {e.Message}", e);
        }
    }

    private YamlNode? Child(string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
