using System.Text.Json.Serialization;
using Segmentation.Operator.Http;

namespace Segmentation.Operator.Audiences;

/// <summary>A profile entered or left the segment.</summary>
/// <param name="Added">True when it entered.</param>
/// <param name="AtMs">When, in ms since the Unix epoch; for the first members, when they joined.</param>
/// <param name="Cause">initial, event, time, edit, rescore, deletion, erasure or merge.</param>
/// <param name="Rfm">What the policy says of it that the AudienceSync includes, when the batch was put together; null when there is nothing to say.</param>
internal readonly record struct AudienceChange(string ProfileId, bool Added, long AtMs, string Cause, RfmItem? Rfm = null);

/// <summary>Changes that are delivered together. Changes of the same profile are in the order in which they happened.</summary>
/// <param name="Id">Stays the same however often the batch is sent.</param>
/// <param name="AtMs">When it was put together; stays the same, too.</param>
/// <param name="Changes">At least one.</param>
internal sealed record AudienceBatch(
    string Id, long AtMs, string Workspace, string Segment, string AudienceSync, IReadOnlyList<AudienceChange> Changes);

/// <summary>A batch as it is remembered from before its first attempt until it is delivered, so that it survives the process.</summary>
/// <param name="Positions">Where each partition's feed stands once the batch is delivered.</param>
internal sealed record InflightBatch(string Id, long AtMs, IReadOnlyList<AudienceChange> Changes, IReadOnlyDictionary<int, string> Positions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InflightBatch))]
internal sealed partial class AudienceJson : JsonSerializerContext;
