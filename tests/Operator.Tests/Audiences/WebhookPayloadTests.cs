using System.Text;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Http;

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

    [Fact]
    public void What_is_included_stands_with_its_change()
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_772_366_399_000);
        var rfm = new RfmItem("default", 5, 1, 3, 3.0m, "new", at, null, at, 1, 30.5m, 30.5m, new PredictionItem(0.25m, 1.5m, null, 45.75m, 76.25m));
        var batch = new AudienceBatch("msg_1", 1_772_366_400_123, "acme", "vips", "crm", [new AudienceChange("c-1", Added: true, 1_772_366_399_000, "event", rfm)]);

        Encoding.UTF8.GetString(WebhookPayload.Write(batch).Span).ShouldContain(
            """
            "cause":"event","rfm":{"policy":"default","recencyScore":5,"frequencyScore":1,"monetaryScore":3,"combinedScore":3.0,"tier":"new","tierSince":"2026-03-01T11:59:59Z","lastPurchase":"2026-03-01T11:59:59Z","purchases":1,"monetary":30.5,"averageOrderValue":30.5,"prediction":{"churnProbability":0.25,"expectedPurchases":1.5,"predictedValue":45.75,"lifetimeValue":76.25}}}]
            """);
    }
}
