using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Segmentation.Resources;

namespace Segmentation.Operator.Http;

/// <summary>Answer to <c>POST …/events</c>.</summary>
/// <param name="Accepted">Events that are safe.</param>
/// <param name="Rejected">Events that were wrong.</param>
/// <param name="IgnoredFields">Fields that the operator does not know.</param>
internal sealed record IngestResponse(int Accepted, IReadOnlyList<RejectedItem> Rejected, int IgnoredFields);

/// <param name="Index">Which event of the request, from 0; of NDJSON, empty lines not counted.</param>
/// <param name="Reason">What is wrong and how to mend it.</param>
internal sealed record RejectedItem(int Index, string Reason);

internal sealed record ErrorResponse(string Error);

/// <summary>Answer to <c>GET …/segments/{name}/members</c>.</summary>
/// <param name="Count">Members in all, not only of this page.</param>
/// <param name="NextCursor">For the next page; absent on the last.</param>
internal sealed record MembersResponse(string Segment, long Count, IReadOnlyList<MemberItem> Members, string? NextCursor);

internal sealed record MemberItem(string ProfileId, DateTimeOffset JoinedAt);

/// <summary>Answer to <c>GET …/profiles/{id}</c>.</summary>
/// <param name="Consent">By channel.</param>
/// <param name="Suppressed">By channel.</param>
/// <param name="MergedInto">The profile that this one was merged into, which has all else; absent for none.</param>
internal sealed record ProfileResponse(
    string Id,
    [property: JsonConverter(typeof(PropertyBagConverter))] PropertyBag Properties,
    IReadOnlyDictionary<string, ConsentItem> Consent,
    IReadOnlyDictionary<string, bool> Suppressed,
    IReadOnlyList<EventCounter> Events,
    IReadOnlyList<RfmItem> Rfm,
    IReadOnlyList<MembershipItem> Memberships,
    string? MergedInto = null);

/// <summary>Consent on one channel.</summary>
/// <param name="Since">Since when it has been so.</param>
internal sealed record ConsentItem(string Status, DateTimeOffset? Since);

/// <summary>What is remembered of one event name.</summary>
/// <param name="Sum">Of the values that are not taken back.</param>
internal sealed record EventCounter(string Name, int Count, decimal Sum, DateTimeOffset First, DateTimeOffset Last);

/// <param name="CombinedScore">The mean of the three scores by the policy's weights.</param>
/// <param name="Monetary">What the purchases come to.</param>
/// <param name="AverageOrderValue">What one of them comes to; absent without any.</param>
internal sealed record RfmItem(
    string Policy, int? RecencyScore, int? FrequencyScore, int? MonetaryScore, decimal? CombinedScore, string? Tier, DateTimeOffset? TierSince, string? PreviousTier,
    DateTimeOffset? LastPurchase, int Purchases, decimal Monetary, decimal? AverageOrderValue, PredictionItem? Prediction);

/// <summary>What the policy's model expects now.</summary>
/// <param name="ExpectedPurchases">In the policy's horizon.</param>
/// <param name="ExpectedNextOrder">Absent when none is expected.</param>
/// <param name="PredictedValue">What the expected purchases come to; absent when the model knows no values.</param>
/// <param name="LifetimeValue">That and <c>monetary</c> together.</param>
internal sealed record PredictionItem(
    decimal ChurnProbability, decimal ExpectedPurchases, DateTimeOffset? ExpectedNextOrder, decimal? PredictedValue, decimal? LifetimeValue);

/// <param name="NextChange">When it will change if nothing happens; absent when time alone changes nothing.</param>
internal sealed record MembershipItem(string Segment, bool Member, DateTimeOffset? JoinedAt, DateTimeOffset? NextChange);

internal sealed record ClockModel(DateTimeOffset Now);

internal sealed record ReadinessResponse(bool Ready, IReadOnlyDictionary<string, string> Checks);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(IngestResponse))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(MembersResponse))]
[JsonSerializable(typeof(ProfileResponse))]
[JsonSerializable(typeof(ProfileExportHead))]
[JsonSerializable(typeof(ClockModel))]
[JsonSerializable(typeof(ReadinessResponse))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Messages keep their quotes: the answers are JSON documents, never part of a page.</summary>
    public static ApiJson Plain { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UtcTimeJsonConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
