using System.Net;
using System.Text.Json.Nodes;

namespace Segmentation.Operator.Tests.Http;

/// <summary>What is held of a profile is told as a whole, however much it is.</summary>
public sealed class ExportTests(OperatorFixture fixture) : IClassFixture<OperatorFixture>
{
    private OperatorProcess Program => fixture.Program;

    [Fact]
    public async Task Everything_that_is_held_is_in_the_export()
    {
        const string Id = "erika/m\u00fc";
        var path = "/v1/acme/profiles/" + Uri.EscapeDataString(Id);
        await ChangeAsync(path, """{"properties":{"country":"DE","plan":"free"},"consent":{"email":{"status":"subscribed","since":"2025-01-01T00:00:00Z"}},"suppressed":{"sms":true}}""");
        await ChangeAsync(path, """{"properties":{"plan":"pro"}}""");
        await Program.PostEventsAsync($$$"""
            [{"id":"x1","name":"placed_order","profileId":"{{{Id}}}","occurredAt":"2025-01-01T00:00:00Z","value":12.50,"properties":{"channel":"web"}},
             {"id":"x2","name":"refunded_order","profileId":"{{{Id}}}","occurredAt":"2025-01-02T00:00:00.001Z","refunds":"x1"}]
            """);

        // The first revisions of the Segments may still be being built.
        var export = await ExportAsync(path, e => e["events"]!.AsArray().Count == 2 && e["memberships"]!.AsArray().Any(m => m!["serving"]!.GetValue<bool>()));

        export["id"]!.GetValue<string>().ShouldBe(Id);
        export["properties"]!.ToJsonString().ShouldBe("""{"country":"DE","plan":"pro"}""");
        export["consent"]!["email"]!.ToJsonString().ShouldBe("""{"status":"subscribed","since":"2025-01-01T00:00:00Z"}""");
        export["suppressed"]!.ToJsonString().ShouldBe("""{"sms":true}""");
        export["formerProperties"]!.AsArray()[^1]!["before"]!.ToJsonString().ShouldBe("""{"plan":"free"}""");
        export["formerProperties"]!.AsArray()[^2]!["absent"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldContain("plan");
        var germans = export["memberships"]!.AsArray().Single()!; // the order that made a buyer was taken back
        (germans["segment"]!.GetValue<string>(), germans["serving"]!.GetValue<bool>()).ShouldBe(("germans", true));
        string.Join('\n', export["events"]!.AsArray().Select(e => e!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))).ShouldBe(
            $$$"""
            {"id":"x1","name":"placed_order","profileId":"{{{Id}}}","occurredAt":"2025-01-01T00:00:00Z","value":12.50,"properties":{"channel":"web"}}
            {"id":"x2","name":"refunded_order","profileId":"{{{Id}}}","occurredAt":"2025-01-02T00:00:00.001Z","refunds":"x1"}
            """);
    }

    [Fact]
    public async Task Each_of_many_events_is_told_once_across_pages_also_those_of_one_instant()
    {
        const string Path = "/v1/acme/profiles/many";
        var ids = Enumerable.Range(0, 3500).Select(i => $"many-{i}").ToArray();
        var lines = ids.Select((id, i) => $$"""{"id":"{{id}}","name":"viewed","profileId":"many","occurredAt":"2025-01-01T00:00:0{{i / 1200}}Z"}""");
        (await Program.PostEventsAsync(string.Join('\n', lines), "application/x-ndjson")).Status.ShouldBe(HttpStatusCode.Accepted);

        var export = await ExportAsync(Path, e => e["events"]!.AsArray().Count >= ids.Length);

        export["events"]!.AsArray().Select(e => e!["id"]!.GetValue<string>()).Order(StringComparer.Ordinal).ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("nobody", HttpStatusCode.NotFound)]
    [InlineData("a%0Ab", HttpStatusCode.BadRequest)]
    public async Task There_is_no_export_of_nobody(string escapedId, HttpStatusCode status) =>
        (await Program.GetAsync($"/v1/acme/profiles/{escapedId}/export")).Status.ShouldBe(status);

    private async Task ChangeAsync(string path, string body) =>
        (await Program.SendAsync(HttpMethod.Patch, path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"))).Status.ShouldBe(HttpStatusCode.Accepted);

    private async Task<JsonObject> ExportAsync(string path, Func<JsonObject, bool> holds)
    {
        JsonObject? export = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await Program.GetAsync(path + "/export");
                export = answer.Status == HttpStatusCode.OK ? answer.Json : null;
                return export is not null && holds(export);
            },
            "the export is complete");
        return export!;
    }
}
