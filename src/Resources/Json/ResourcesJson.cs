using System.Text.Json.Serialization;
using Kubernetes.Client;

namespace Segmentation.Resources;

/// <summary>
/// The three kinds as the API server reads and writes them: camelCase, no nulls, decimals digit by digit, unknown fields skipped.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    MaxDepth = JsonDepth.Max,
    Converters = [typeof(UtcTimeJsonConverter)])]
[JsonSerializable(typeof(Segment))]
[JsonSerializable(typeof(ConditionSpec))]
[JsonSerializable(typeof(RfmPolicy))]
[JsonSerializable(typeof(RfmPredictionsStatus))]
[JsonSerializable(typeof(AudienceSync))]
public sealed partial class ResourcesJson : JsonSerializerContext;
