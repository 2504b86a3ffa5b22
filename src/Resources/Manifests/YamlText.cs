using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Segmentation.Resources.Manifests;

/// <summary>JSON as block-style YAML; the same tree always gives the same text.</summary>
public static class YamlText
{
    public static string Write(JsonNode root)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(emitter, root);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var mapStyle = map.Count == 0 ? MappingStyle.Flow : MappingStyle.Block;
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, mapStyle));
                foreach (var (name, value) in map)
                {
                    Emit(emitter, name);
                    Emit(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                var listStyle = list.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, listStyle));
                foreach (var item in list)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var content = value.GetValue<string>();
                var style = NeedsEscapes(content) ? ScalarStyle.DoubleQuoted : NeedsQuotes(content) ? ScalarStyle.SingleQuoted : ScalarStyle.Any;
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, content, style, isPlainImplicit: true, isQuotedImplicit: true));
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    // The emitter would write them as they are, in a block that some of them end.
    private static bool NeedsEscapes(string text) => text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff');

    // Both generations of YAML readers must take it for text, so anything that either reads as something else is quoted.
    private static bool NeedsQuotes(string text) =>
        CoreSchema.Resolve(text)?.GetValueKind() != JsonValueKind.String || CoreSchema.ReadByKubectlAs(text) is not null;
}
