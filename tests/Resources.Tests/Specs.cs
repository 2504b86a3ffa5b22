using System.Text.Json;
using System.Text.Json.Nodes;
using Segmentation;
using Segmentation.Resources;
using YamlDotNet.RepresentationModel;

namespace Resources.Tests;

/// <summary>
/// Specs from short YAML without the checks of a server, as an old or careless one would hand them over, and their compilation.
/// </summary>
internal static class Specs
{
    public static SegmentSpec Segment(string match) => new() { Match = Parse(match).Deserialize(ResourcesJson.Default.ConditionSpec)! };

    public static RfmPolicySpec RfmPolicy(string spec) => Parse(spec).Deserialize(ResourcesJson.Default.RfmPolicySpec)!;

    public static AudienceSyncSpec AudienceSync(string spec) => Parse(spec).Deserialize(ResourcesJson.Default.AudienceSyncSpec)!;

    /// <summary>A workspace of these segments, with the policies <c>default</c> (classic) and <c>broken</c>.</summary>
    public static WorkspaceDefinition Workspace(params (string Name, SegmentSpec Spec)[] segments) => WorkspaceCompiler.Compile(
        segments.ToDictionary(segment => segment.Name, segment => segment.Spec),
        new Dictionary<string, RfmPolicySpec> { ["default"] = RfmPolicy(ClassicPolicy), ["broken"] = RfmPolicy("{purchases: {event: a}, window: soon}") },
        new Dictionary<string, RfmBreakPoints>());

    public const string ClassicPolicy = "{purchases: {event: placed_order}, window: 730d}";

    public static SegmentCompilation Compile(SegmentSpec spec) => Workspace(("it", spec)).Segments["it"];

    public static SegmentCompilation Compile(string match) => Compile(Segment(match));

    public static JsonNode Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return ToJson(stream.Documents[0].RootNode)!;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Select(field => KeyValuePair.Create(((YamlScalarNode)field.Key).Value!, ToJson(field.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(ToJson)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => CoreSchema.Resolve(plain.Value!),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}
