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
        MembersPage? page;
        do
        {
            page = await ReadAsync(workspace, name, after, limit ?? DefaultLimit);
            if (page is null) return ApiError.NotFound("No such segment serves members yet; see kubectl get segments.");
        }
        while (!await views.StillServesAsync(workspace, [page.Segment]));

        var shown = page.Members.Take(limit ?? DefaultLimit).ToArray();
        var next = page.Members.Count > shown.Length ? shown[^1].ToString() : null;
        return Results.Json(
            new MembersResponse(name, page.Count, [.. shown.Select(m => new MemberItem(m.ProfileId, DateTimeOffset.FromUnixTimeMilliseconds(m.JoinedAtMs)))], next),
            ApiJson.Plain.MembersResponse);
    }

    /// <summary>One member more than the page shows, to know whether there is another page; null when nothing serves.</summary>
    private async Task<MembersPage?> ReadAsync(string workspace, string name, MembersCursor? after, int limit)
    {
        if ((await views.GetAsync(workspace)).Find(name) is not { } segment) return null;
        var reader = new MembersReader(redis, workspace, await appender.PartitionsOfAsync(workspace), name, segment.Revision);
        return new MembersPage(segment, await reader.CountAsync(), await reader.ReadAsync(after, limit + 1));
    }

    private sealed record MembersPage(ServingSegment Segment, long Count, IReadOnlyList<MembersCursor> Members);
}
