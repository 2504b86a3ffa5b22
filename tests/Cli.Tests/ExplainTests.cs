using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class ExplainTests : IAsyncLifetime
{
    private const string Vips = """
        {"segment":"vips","profileId":"ada","asOf":"2026-01-01T00:00:00.000Z","matches":true,"member":true,"joinedAt":"2025-12-01T00:00:00.000Z",
         "nextChange":"2026-02-01T00:00:00.000Z","condition":{"path":"match.all","condition":"all of 2","finding":"2 of 2 hold","matches":true,
         "nextChange":"2026-02-01T00:00:00.000Z","conditions":[
          {"path":"match.all[0].event","condition":"placed_order: count gte 3, within 365d","finding":"3 counted","matches":true,"nextChange":"2026-02-01T00:00:00.000Z"},
          {"path":"match.all[1].none","condition":"none of 1","finding":"0 of 1 hold","matches":true,"conditions":[
           {"path":"match.all[1].none[0].property","condition":"plan in free","finding":"plan is missing","matches":false}]}]}}
        """;

    private const string Staff = """
        {"segment":"staff","profileId":"ada","asOf":"2026-01-01T00:00:00.000Z","matches":false,"member":true,
         "condition":{"path":"match.property","condition":"staff in true","finding":"staff is missing","matches":false}}
        """;

    private EventServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EventServer.StartAsync();
        _server.Documents["/profiles/ada"] = """{"id":"ada","memberships":[{"segment":"vips"},{"segment":"staff"}]}""";
        _server.Documents["/profiles/ada/explain?segment=vips"] = Vips;
        _server.Documents["/profiles/ada/explain?segment=staff"] = Staff;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_person_sees_the_answer_and_the_conditions_as_a_tree()
    {
        CliRun run = await CliRun.OfAsync("explain", "--profile", "ada", "--segment", "vips", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldBe("""
            ada is in vips at 2026-01-01T00:00:00.000Z
            member since 2025-12-01T00:00:00.000Z
            leaves at 2026-02-01T00:00:00.000Z if nothing happens

            ✓ all  all of 2
            │ 2 of 2 hold (may change at 2026-02-01T00:00:00.000Z)
            ├ ✓ event  placed_order: count gte 3, within 365d
            │   3 counted (may change at 2026-02-01T00:00:00.000Z)
            └ ✓ none  none of 1
              │ 0 of 1 hold
              └ ✗ property  plan in free
                  plan is missing

            """);
    }

    [Fact]
    public async Task Without_a_segment_all_are_explained()
    {
        CliRun run = await CliRun.OfAsync("explain", "--profile", "ada", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(0, run.ToString());
        run.Out.ShouldContain("ada is in vips");
        run.Out.ShouldContain("ada is not in staff");
        run.Out.ShouldContain("still served as a member");
        run.Out.ShouldContain("stays so until something happens");
    }

    [Fact]
    public async Task JSON_is_an_object_for_one_segment_and_a_list_for_all()
    {
        CliRun one = await CliRun.OfAsync("explain", "--profile", "ada", "--segment", "staff", "-s", _server.Address, "-w", "acme", "-o", "json");
        CliRun all = await CliRun.OfAsync("explain", "--profile", "ada", "-s", _server.Address, "-w", "acme", "-o", "json");

        one.Json.GetProperty("segment").GetString().ShouldBe("staff");
        all.Json.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task An_unknown_segment_gives_exit_code_4_and_the_next_step()
    {
        CliRun run = await CliRun.OfAsync("explain", "--profile", "ada", "--segment", "nosuch", "-s", _server.Address, "-w", "acme");

        run.Code.ShouldBe(4, run.ToString());
        run.Error.ShouldContain("kubectl get segments");
    }
}
