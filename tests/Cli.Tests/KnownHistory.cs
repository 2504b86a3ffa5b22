namespace Segmentation.Cli.Tests;

/// <summary>What <c>generate --customers 2 --events 4 --seed 1 --until 2026-01-01T00:00:00Z</c> writes.</summary>
internal static class KnownHistory
{
    public const string Text = """
        {"id":"order-1-2","name":"placed_order","profileId":"customer-00002","occurredAt":"2024-02-01T19:23:46Z","value":50.88,"properties":{"category":"sports","channel":"store","items":2}}
        {"id":"view-1-2","name":"viewed_product","profileId":"customer-00002","occurredAt":"2024-03-03T20:09:14Z","properties":{"category":"sports","channel":"app"}}
        {"id":"order-1-1","name":"placed_order","profileId":"customer-00001","occurredAt":"2025-01-21T14:57:50Z","value":15.21,"properties":{"category":"toys","channel":"marketplace","items":3}}
        {"id":"view-1-1","name":"viewed_product","profileId":"customer-00001","occurredAt":"2025-05-05T11:17:43Z","properties":{"category":"toys","channel":"web"}}

        """;
}
