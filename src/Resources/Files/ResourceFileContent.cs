using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What a file of resources holds.</summary>
/// <param name="Objects">The objects of this group that are free of errors, in the order of the file.</param>
/// <param name="Lines">For each of them, where its fields stand: the line of a path such as <c>spec.match.all[0].event</c>.</param>
/// <param name="Errors">Everything that an API server would refuse in their shape; empty for a good file.</param>
public sealed record ResourceFileContent(
    IReadOnlyList<IKubernetesObject> Objects, IReadOnlyList<IReadOnlyDictionary<string, long>> Lines, IReadOnlyList<ResourceFileError> Errors)
{
    public IEnumerable<Segment> Segments => Objects.OfType<Segment>();

    public IEnumerable<RfmPolicy> RfmPolicies => Objects.OfType<RfmPolicy>();

    public IEnumerable<AudienceSync> AudienceSyncs => Objects.OfType<AudienceSync>();
}

/// <summary>One thing that is wrong in a file.</summary>
/// <param name="Line">Counted from 1, in the whole file.</param>
/// <param name="Path">The field, such as <c>spec.match.all[0].event.count</c>; empty when the text is no YAML at all.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record ResourceFileError(long Line, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? $"line {Line}: {Message}" : $"line {Line}: {Path}: {Message}";
}
