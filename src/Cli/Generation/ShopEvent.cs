using System.Runtime.InteropServices;

namespace Segmentation.Cli.Generation;

internal enum ShopEventKind : byte
{
    Order,
    Refund,
    Email,
    View,
}

/// <param name="AtMs">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Customer">The customer's index.</param>
/// <param name="Number">Unique among the events of its kind.</param>
/// <param name="Cents">The value of orders and refunds.</param>
/// <param name="Channel">An index into <see cref="ShopVocabulary.Channels"/>.</param>
/// <param name="Category">An index into <see cref="ShopVocabulary.Categories"/>.</param>
/// <param name="RefundedNumber">The order that a refund takes back.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShopEvent(
    long AtMs, ShopEventKind Kind, int Customer, int Number, int Cents = 0, byte Channel = 0, byte Category = 0, int RefundedNumber = 0);

/// <summary>The words of the simulated shop.</summary>
internal static class ShopVocabulary
{
    public static IReadOnlyList<string> Channels { get; } = ["web", "app", "store", "marketplace"];

    public static IReadOnlyList<string> Categories { get; } = ["fashion", "home", "beauty", "sports", "toys"];

    /// <summary>The name of events of a kind.</summary>
    public static string NameOf(ShopEventKind kind) => kind switch
    {
        ShopEventKind.Order => "placed_order",
        ShopEventKind.Refund => "refunded_order",
        ShopEventKind.Email => "opened_email",
        _ => "viewed_product",
    };
}
