using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;

namespace Segmentation.Operator.Http;

/// <summary>
/// <c>GET /v1/{workspace}/segments/{name}/members?limit=&amp;cursor=</c>: members by joined-at, the earliest first. A member that stays is on exactly one
/// page; one that joins meanwhile comes at the end.
/// </summary>
internal sealed class MembersEndpoint(RedisConnection redis, EventAppender appender, ServingViews views)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 10_000;

    public async Task<IResult> GetAsync(string workspace, string name, int? limit, string? cursor)
    {
        if (limit is < 1 or > MaxLimit) return ApiError.BadRequest($"limit must be 1 to {MaxLimit}.");
        MembersCursor? after = null;
        if (!string.IsNullOrEmpty(cursor) && !MembersCursor.TryParse(cursor, out after))
            return ApiError.BadRequest("cursor is not one that this endpoint gave out; leave it away for the first page.");
        var segment = (await views.GetAsync(workspace)).Find(name);
        if (segment is null) return ApiError.NotFound("No such segment serves members yet; see kubectl get segments.");

        var partitions = await appender.PartitionsOfAsync(workspace);
        var reader = new MembersReader(redis, workspace, partitions, name, segment.Revision);
        var count = await reader.CountAsync();
        var page = await reader.ReadAsync(after, (limit ?? DefaultLimit) + 1);
        var shown = page.Take(limit ?? DefaultLimit).ToArray();
        var next = page.Count > shown.Length ? shown[^1].ToString() : null;
        return Results.Json(
            new MembersResponse(name, count, [.. shown.Select(m => new MemberItem(m.ProfileId, DateTimeOffset.FromUnixTimeMilliseconds(m.JoinedAtMs)))], next),
            ApiJson.Plain.MembersResponse);
    }
}
