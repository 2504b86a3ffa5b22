namespace EndToEnd.Tests;

/// <summary>
/// A definition that is wrong is refused by the server where it can see that, and else by the operator; either says where it is wrong, and the
/// last good revision keeps serving.
/// </summary>
[Collection(EnvironmentCollection.Name)]
public sealed class BadDefinitionTests(LocalEnvironment environment)
{
    private const string Good = "{event: {name: placed_order}}";

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData("unknown-operator", "{event: {name: placed_order, count: {atLeast: 3}}}", "spec.match.event.count")]
    [InlineData("cycle", "{segment: {name: other}}", "spec.match.segment")]
    [InlineData("missing-policy", "{rfm: {policy: nowhere, tier: [champions]}}", "spec.match.rfm.policy")]
    [InlineData("missing-segment", "{all: [{event: {name: placed_order}}, {segment: {name: nowhere}}]}", "spec.match.all[1].segment")]
    [InlineData("deep-type", "{all: [{none: [{event: {name: placed_order, within: 30}}]}]}", "spec.match.all[0].none[0].event.within: expected text, found 30; write \"30\"")]
    [InlineData("deep-operator", "{all: [{any: [{all: [{event: {name: placed_order, count: {greater: 1}}}]}]}]}", "spec.match.all[0].any[0].all[0].event.count.greater: unknown field")]
    [InlineData("deep-name", "{any: [{all: [{event: {name: placed_order}}, {evnt: {name: placed_order}}]}]}", "spec.match.any[0].all[1].evnt: unknown field; did you mean event?")]
    [InlineData("too-deep", "{all: [{all: [{all: [{all: [{event: {name: placed_order}}]}]}]}]}", "spec.match.all[0].all[0].all[0].all: groups nest at most 3 deep")]
    [InlineData("bad-pattern", "{property: {name: country, matches: '(['}}", "spec.match.property.matches")]
    public async Task A_wrong_edit_is_told_with_its_place_and_the_last_good_revision_keeps_serving(string purpose, string match, string place)
    {
        await using var workspace = await environment.NewWorkspaceAsync(purpose);
        await workspace.ApplySegmentAsync("edited", Good);
        await workspace.ApplySegmentAsync("other", "{segment: {name: edited}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("edited", "anna");
        var good = await workspace.BecomesReadyAsync("segment/edited");

        var apply = await workspace.TryApplyAsync(Workspace.SegmentYaml("edited", match));
        if (apply.ExitCode != 0)
        {
            apply.Error.ShouldContain(place);
        }
        else
        {
            var stalled = await workspace.StatusBecomesAsync("segment/edited", status => status.Is("Stalled", "True"), "stalled");
            stalled.Is("Ready", "False").ShouldBeTrue();
            stalled.Reason("Ready").ShouldNotBeEmpty();
            stalled.Reason("Stalled").ShouldBe(stalled.Reason("Ready"));
            stalled.Message("Ready").ShouldContain(place);
            stalled.Message("Ready").ShouldContain($"Revision {good.ActiveRevision}, the last good one, keeps serving");
            stalled.ActiveRevision.ShouldBe(good.ActiveRevision);
            await Eventually.GetAsync(
                () => workspace.KubectlAsync("describe", "segment", "edited"),
                text => text.Contains("Warning", StringComparison.Ordinal) && text.Contains(stalled.Reason("Ready"), StringComparison.Ordinal), "a warning is there");
        }

        await workspace.SendAsync(ShopEvent.Order("ben", Now));
        await workspace.MembersBecomeAsync("edited", "anna", "ben");

        await workspace.ApplySegmentAsync("edited", "{event: {name: placed_order, count: {gte: 2}}}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("edited", "anna");
        (await workspace.BecomesReadyAsync("segment/edited")).Is("Stalled", "True").ShouldBeFalse();
    }

    /// <summary>In the open part of a definition anything may stand, as deeply as the server itself reads.</summary>
    [Fact]
    public async Task A_definition_of_any_depth_is_told_and_harms_no_other_segment()
    {
        const int Levels = 9_900;
        await using var workspace = await environment.NewWorkspaceAsync("abyss");
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", Levels)) + "1" + string.Concat(Enumerable.Repeat("}", Levels));
        await workspace.CreateRawAsync(
            """{"apiVersion":"segmentation.dev/v1alpha1","kind":"Segment","metadata":{"name":"abyss"},"spec":{"match":{"all":[{"any":[NESTED]}]}}}"""
                .Replace("NESTED", nested, StringComparison.Ordinal));
        await workspace.ApplySegmentAsync("plain", Good);
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("plain", "anna");

        var stalled = await workspace.StatusBecomesAsync("segment/abyss", status => status.Is("Stalled", "True"), "stalled");
        stalled.Message("Ready").ShouldStartWith("spec.match.all[0].any[0].a: unknown field");

        await environment.Operator.StopAsync();
        await environment.Operator.StartAsync();
        await workspace.SendAsync(ShopEvent.Order("ben", Now));
        await workspace.MembersBecomeAsync("plain", "anna", "ben");
    }

    [Theory]
    [InlineData("InvalidSpec", "{event: {name: placed_order, since: 5}}")]
    [InlineData("UnknownOperator", "{property: {name: country, equals: DE}}")]
    [InlineData("TooDeep", "{any: [{any: [{property: {name: country, eq: DE}}]}]}")]
    public async Task A_wrong_deep_condition_has_a_reason_until_it_is_mended_and_leaves_other_segments_alone(string reason, string condition)
    {
        await using var workspace = await environment.NewWorkspaceAsync("deep-" + reason.ToLowerInvariant());
        await workspace.ApplySegmentAsync("wrong", $"{{all: [{{any: [{condition}]}}]}}");
        await workspace.ApplySegmentAsync("right", "{all: [{any: [{all: [{event: {name: placed_order, where: [{property: items, gte: 0, onMissing: include}]}}]}]}]}");
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("right", "anna");

        var stalled = await workspace.StatusBecomesAsync("segment/wrong", status => status.Is("Stalled", "True"), "stalled");
        stalled.Is("Ready", "False").ShouldBeTrue();
        stalled.Reason("Ready").ShouldBe(reason);

        await workspace.ApplySegmentAsync("wrong", "{all: [{any: [{event: {name: placed_order}}]}]}");
        await workspace.MembersBecomeAsync("wrong", "anna");
        (await workspace.BecomesReadyAsync("segment/wrong")).Is("Stalled", "True").ShouldBeFalse();
    }

    [Fact]
    public async Task A_segment_that_was_never_right_has_no_members_and_is_stalled()
    {
        await using var workspace = await environment.NewWorkspaceAsync("never-right");
        await workspace.ApplySegmentAsync("champions", "{rfm: {policy: nowhere, tier: [champions]}}");
        var stalled = await workspace.StatusBecomesAsync("segment/champions", status => status.Is("Stalled", "True"), "stalled");
        stalled.Is("Ready", "False").ShouldBeTrue();
        stalled.MemberCount.ShouldBeNull();
        stalled.Message("Ready").ShouldContain("spec.match.rfm.policy");
    }

    [Fact]
    public async Task The_last_good_revision_serves_on_after_the_operator_was_restarted()
    {
        await using var workspace = await environment.NewWorkspaceAsync("restarted");
        await workspace.ApplySegmentAsync("edited", Good);
        await workspace.SendAsync(ShopEvent.Order("anna", Now));
        await workspace.MembersBecomeAsync("edited", "anna");
        var good = await workspace.BecomesReadyAsync("segment/edited");
        await workspace.ApplySegmentAsync("edited", "{rfm: {policy: nowhere, tier: [champions]}}");
        await workspace.StatusBecomesAsync("segment/edited", status => status.Is("Stalled", "True"), "stalled");

        await environment.Operator.StopAsync();
        await environment.Operator.StartAsync();

        await workspace.SendAsync(ShopEvent.Order("ben", Now));
        await workspace.MembersBecomeAsync("edited", "anna", "ben");
        var after = await workspace.StatusBecomesAsync("segment/edited", status => status.Is("Stalled", "True") && status.MemberCount == 2, "stalled, two members");
        after.ActiveRevision.ShouldBe(good.ActiveRevision);
    }
}
