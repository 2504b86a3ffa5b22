using System.Globalization;
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

    public async Task<IResult> GetAsync(string workspace, string name, string? limitText, string? cursor)
    {
        var limit = DefaultLimit;
        if (limitText is not null && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            return ApiError.BadRequest($"limit must be 1 to {MaxLimit}.");
        MembersCursor? after = null;
        if (!string.IsNullOrEmpty(cursor) && !MembersCursor.TryParse(cursor, out after))
            return ApiError.BadRequest("cursor is not one that this endpoint gave out; leave it away for the first page.");
        var partitions = await appender.PartitionsOfAsync(workspace);
        var response = await views.ReadAsync(workspace, async view => view.Find(name) is { } segment
            ? await ReadPageAsync(new MembersReader(redis, workspace, partitions, name, segment.Revision), name, after, limit)
            : null);
        return response is null
            ? ApiError.NotFound("No such segment serves members yet; see kubectl get segments.")
            : Results.Json(response, ApiJson.Plain.MembersResponse);
    }

    private static async Task<MembersResponse?> ReadPageAsync(MembersReader reader, string name, MembersCursor? after, int limit)
    {
        var count = await reader.CountAsync();
        var page = await reader.ReadAsync(after, limit + 1);
        var shown = page.Take(limit).ToArray();
        var next = page.Count > shown.Length ? shown[^1].ToString() : null;
        return new MembersResponse(name, count, [.. shown.Select(m => new MemberItem(m.ProfileId, DateTimeOffset.FromUnixTimeMilliseconds(m.JoinedAtMs)))], next);
    }
}
