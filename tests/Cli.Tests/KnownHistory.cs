namespace Segmentation.Cli.Tests;

/// <summary>What <c>generate --customers 2 --events 4 --seed 1 --until 2026-01-01T00:00:00Z</c> has always written.</summary>
internal static class KnownHistory
{
    public const string Text = """
        {"id":"order-1-2","name":"placed_order","profileId":"customer-00002","occurredAt":"2024-11-19T10:16:07Z","value":37.75,"properties":{"category":"home","channel":"web"}}
        {"id":"view-1-1","name":"viewed_product","profileId":"customer-00002","occurredAt":"2024-12-01T01:21:38Z","properties":{"category":"fashion","channel":"web"}}
        {"id":"view-1-2","name":"viewed_product","profileId":"customer-00002","occurredAt":"2025-01-16T15:38:27Z","properties":{"category":"toys","channel":"web"}}
        {"id":"order-1-1","name":"placed_order","profileId":"customer-00001","occurredAt":"2025-01-21T14:57:50Z","value":51.36,"properties":{"category":"toys","channel":"app"}}

        """;
}
