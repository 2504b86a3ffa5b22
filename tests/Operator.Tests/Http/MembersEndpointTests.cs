using System.Net;
using System.Text.Json.Nodes;
using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Http;

/// <summary>Pages of members: by joined-at, whatever joins and leaves between two pages.</summary>
public sealed class MembersEndpointTests : IAsyncLifetime
{
    private const string Buyers = "apis/segmentation.dev/v1alpha1/segments/acme/buyers";

    private readonly RedisServer _redis = new();
    private OperatorProcess _program = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _program = await OperatorProcess.StartAsync(_redis.Configuration);
    }

    public async Task DisposeAsync()
    {
        await _program.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Pages_hold_every_member_once_in_order_though_many_joined_at_one_instant()
    {
        // One request: all of a partition join at the same instant, and the order goes on by partition and id.
        await SetCountryAsync("DE", Enumerable.Range(0, 40));
        await OrderAsync(Enumerable.Range(0, 150));
        await CountBecomesAsync("buyers", 150);

        var whole = await PagesAsync("buyers", limit: 10_000);
        foreach (var limit in (int[])[1, 7, 50, 149, 150, 151])
        {
            (await PagesAsync("buyers", limit)).Select(Id).ShouldBe(whole.Select(Id), $"limit {limit}");
        }
        whole.Select(Id).Distinct().Count().ShouldBe(150);
        whole.Select(m => m["joinedAt"]!.GetValue<DateTimeOffset>()).ShouldBeInOrder();
        (await PagesAsync("germans", 7)).Count.ShouldBe(40);
    }

    [Fact]
    public async Task Members_that_leave_between_pages_hide_nobody_who_stays_and_those_who_join_come_last()
    {
        await SetCountryAsync("DE", Enumerable.Range(0, 60));
        await CountBecomesAsync("germans", 60);
        var all = (await PagesAsync("germans", 10_000)).Select(Id).ToArray();
        var first = await PageAsync("germans", 20, null);

        // The one that ended the page, some before it, and some after it.
        string[] leaving = [all[19], all[3], all[0], all[20], all[25], all[40]];
        foreach (var id in leaving) await ChangeAsync(id, "FR");
        await ChangeAsync("newcomer", "DE");
        await CountBecomesAsync("germans", 55);

        var rest = new List<string>();
        for (var cursor = first["nextCursor"]?.GetValue<string>(); cursor is not null;)
        {
            var page = await PageAsync("germans", 20, cursor);
            rest.AddRange(page["members"]!.AsArray().Select(m => Id(m!)));
            cursor = page["nextCursor"]?.GetValue<string>();
        }
        rest.ShouldBe([.. all[20..].Except(leaving), "newcomer"]);
    }

    [Theory]
    [InlineData("limit=0", "limit must be 1 to 10000")]
    [InlineData("limit=10001", "limit must be 1 to 10000")]
    [InlineData("limit=-1", "limit must be 1 to 10000")]
    [InlineData("limit=ten", "limit must be 1 to 10000")]
    [InlineData("cursor=%21%21", "cursor is not one that this endpoint gave out")]
    [InlineData("cursor=bm9uc2Vuc2U", "cursor is not one that this endpoint gave out")]
    public async Task Bad_parameters_are_refused(string query, string part)
    {
        var answer = await _program.GetAsync("/v1/acme/segments/buyers/members?" + query);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Error.ShouldContain(part);
    }

    [Fact]
    public async Task An_unknown_segment_is_not_found() =>
        (await _program.GetAsync("/v1/acme/segments/nobody/members")).Status.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Members_stay_visible_through_an_edit_that_keeps_them()
    {
        await OrderAsync(Enumerable.Range(0, 50));
        await CountBecomesAsync("buyers", 50);
        var revisions = 0;
        for (var edit = 0; edit < 6; edit++)
        {
            _program.Api.Store.Change(Buyers, segment =>
            {
                segment["spec"] = JsonNode.Parse($$"""{"match":{"event":{"name":"placed_order","count":{"gte":1},"within":"{{3_000 + edit}}d"} } }""");
                return true;
            });
            var serving = Revision();
            await Eventually.HoldsAsync(
                async () =>
                {
                    (await PageAsync("buyers", 100, null))["count"]!.GetValue<int>().ShouldBe(50);
                    return Revision() != serving;
                },
                () => $"edit {edit} is served; {_program.Api.Store.Get(Buyers)}; the program's log:\n{_program.Log}");
            revisions++;
        }
        revisions.ShouldBe(6);
    }

    private string? Revision() =>
        _program.Api.Store.Get(Buyers)!["status"]?["activeRevision"]?.GetValue<string>();

    private async Task OrderAsync(IEnumerable<int> customers)
    {
        var lines = customers.Select(i => $$"""{"id":"o{{i}}","name":"placed_order","profileId":"customer-{{i}}","occurredAt":"2025-01-01T00:00:00Z"}""");
        (await _program.PostEventsAsync(string.Join('\n', lines))).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    private async Task SetCountryAsync(string country, IEnumerable<int> customers)
    {
        foreach (var i in customers) await ChangeAsync($"customer-{i}", country);
    }

    private async Task ChangeAsync(string id, string country) =>
        (await _program.ChangeProfileAsync(HttpMethod.Patch, id, $$"""{"properties":{"country":"{{country}}"} }""")).Status.ShouldBe(HttpStatusCode.Accepted);

    private Task CountBecomesAsync(string segment, int count) => Eventually.HoldsAsync(
        async () =>
        {
            var answer = await _program.GetAsync($"/v1/acme/segments/{segment}/members?limit=1");
            return answer.Status == HttpStatusCode.OK && answer.Json["count"]!.GetValue<int>() == count;
        },
        $"{segment} has {count} members");

    private async Task<List<JsonNode>> PagesAsync(string segment, int limit)
    {
        var members = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await PageAsync(segment, limit, cursor);
            members.AddRange(page["members"]!.AsArray().Select(m => m!));
            cursor = page["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        return members;
    }

    private async Task<JsonObject> PageAsync(string segment, int limit, string? cursor)
    {
        var answer = await _program.GetAsync($"/v1/acme/segments/{segment}/members?limit={limit}" + (cursor is null ? "" : "&cursor=" + cursor));
        answer.Status.ShouldBe(HttpStatusCode.OK);
        return answer.Json;
    }

    private static string Id(JsonNode member) => member["profileId"]!.GetValue<string>();
}
