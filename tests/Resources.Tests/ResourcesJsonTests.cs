using System.Text.Json;
using Kubernetes.Model;
using Segmentation.Resources;

namespace Resources.Tests;

public class ResourcesJsonTests
{
    [Fact]
    public void An_object_of_the_API_server_is_read_and_its_unknown_fields_are_skipped()
    {
        var segment = JsonSerializer.Deserialize(
            """
            {"apiVersion":"segmentation.dev/v1alpha1","kind":"Segment","metadata":{"name":"a","generation":2,"managedFields":[{}]},
             "spec":{"match":{"property":{"name":"plan","in":["pro",5],"onMissing":"include"}},"later":1},
             "status":{"observedGeneration":2,"memberCount":7,"driftPercent":-3.25,"lastChange":"2026-01-02T03:04:05.678Z","conditions":[]}}
            """,
            ResourcesJson.Default.Segment).ShouldNotBeNull();

        segment.Spec.Match.Property!.In.ShouldBe([new ScalarValue("pro"), new ScalarValue("5")]);
        segment.Spec.Match.Property.OnMissing.ShouldBe(OnMissingProperty.Include);
        (segment.Status.MemberCount, segment.Status.DriftPercent).ShouldBe((7L, -3.25m));
        segment.Status.LastChange!.Value.Millisecond.ShouldBe(678);
    }

    [Fact]
    public void An_object_without_a_status_has_not_been_looked_at() =>
        JsonSerializer.Deserialize("""{"metadata":{"name":"a"},"spec":{"match":{"event":{"name":"x"}}}}""", ResourcesJson.Default.Segment)!
            .Status.ObservedGeneration.ShouldBe(-1);

    [Fact]
    public void A_status_is_written_without_nulls_with_times_in_UTC_and_decimals_as_they_are()
    {
        var status = new SegmentStatus
        {
            ObservedGeneration = 3,
            MemberCount = 0,
            DriftPercent = 12.50m,
            LastChange = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 600, TimeSpan.FromHours(2)),
            Conditions =
            [
                new Condition
                {
                    Type = "Ready", Status = "True", Reason = "Evaluated", Message = "m", ObservedGeneration = 3,
                    LastTransitionTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                },
            ],
        };
        JsonSerializer.Serialize(status, ResourcesJson.Default.SegmentStatus).ShouldBe(
            """{"observedGeneration":3,"memberCount":0,"driftPercent":12.50,"lastChange":"2026-01-02T01:04:05.6Z","conditions":["""
            + """{"type":"Ready","status":"True","reason":"Evaluated","message":"m","observedGeneration":3,"lastTransitionTime":"2026-01-02T03:04:05Z"}]}""");
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[]")]
    public void An_operand_is_text_or_a_whole_number(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, ResourcesJson.Default.ScalarValue)).Message.ShouldContain("in quotes");

    [Theory]
    [InlineData("exclude", OnMissingProperty.Exclude)]
    [InlineData("include", OnMissingProperty.Include)]
    public void Enums_are_written_as_in_YAML(string text, OnMissingProperty value)
    {
        JsonSerializer.Serialize(value, ResourcesJson.Default.OnMissingProperty).ShouldBe($"\"{text}\"");
        JsonSerializer.Deserialize($"\"{text}\"", ResourcesJson.Default.OnMissingProperty).ShouldBe(value);
    }
}
