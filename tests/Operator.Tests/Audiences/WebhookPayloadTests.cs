using System.Text;
using Segmentation.Operator.Audiences;

namespace Operator.Tests.Audiences;

public sealed class WebhookPayloadTests
{
    [Fact]
    public void The_body_is_as_documented()
    {
        var batch = new AudienceBatch(
            "msg_1", 1_772_366_400_123, "acme", "vips", "crm",
            [new AudienceChange("c-\"1\"", Added: true, 1_772_366_399_000, "event"), new AudienceChange("c-2", Added: false, 0, "time")]);

        Encoding.UTF8.GetString(WebhookPayload.Write(batch).Span).ShouldBe(
            """
            {"type":"audience.members.changed","timestamp":"2026-03-01T12:00:00.123Z","data":{"workspace":"acme","segment":"vips","audienceSync":"crm","changes":[{"profileId":"c-\u00221\u0022","action":"added","at":"2026-03-01T11:59:59.000Z","cause":"event"},{"profileId":"c-2","action":"removed","at":"1970-01-01T00:00:00.000Z","cause":"time"}]}}
            """);
    }
}
