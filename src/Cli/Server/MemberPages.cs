using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Segmentation.Cli.Server;

/// <param name="ProfileId">Who.</param>
/// <param name="JoinedAt">Since when, as the server writes it.</param>
internal sealed record Member(string ProfileId, string JoinedAt);

/// <summary>Reads a segment's members page by page from <c>GET /v1/{workspace}/segments/{name}/members</c>.</summary>
internal sealed class MemberPages(ServerConnection server, string segment, long limit, int largestPage)
{
    /// <summary>How many members the segment has; known after the first page.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the segment has more members than were read.</summary>
    public bool HasMore { get; private set; }

    /// <exception cref="CliException">There is no such segment, or the server cannot be reached.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Member>> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? cursor = null;
        long left = limit;
        do
        {
            string path = $"segments/{Uri.EscapeDataString(segment)}/members?limit={Math.Min(left, largestPage).ToString(CultureInfo.InvariantCulture)}";
            if (cursor is not null)
                path += $"&cursor={Uri.EscapeDataString(cursor)}";
            ServerReply reply = await server.GetAsync(path, cancellation);
            if (!reply.IsSuccess)
                throw reply.ToFailure("'kubectl get segments -n WORKSPACE' lists those that exist");
            using JsonDocument document = reply.Json();
            Count = document.RootElement.GetProperty("count").GetInt64();
            cursor = document.RootElement.TryGetProperty("nextCursor", out JsonElement next) ? next.GetString() : null;
            Member[] page = [.. document.RootElement.GetProperty("members").EnumerateArray().Select(Read)];
            left -= page.Length;
            HasMore = cursor is not null;
            yield return page;
        }
        while (cursor is not null && left > 0);
    }

    private static Member Read(JsonElement member) =>
        new(member.GetProperty("profileId").GetString()!, member.GetProperty("joinedAt").GetString()!);
}
