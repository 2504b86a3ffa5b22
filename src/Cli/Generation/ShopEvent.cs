using System.Runtime.InteropServices;

namespace Segmentation.Cli.Generation;

internal enum ShopEventKind : byte
{
    Order,
    Refund,
    Email,
    View,
    Cart,
    Checkout,
}

/// <param name="AtMs">When.</param>
/// <param name="Kind">What.</param>
/// <param name="Customer">The customer's index.</param>
/// <param name="Number">Unique among the events of its kind.</param>
/// <param name="Cents">The value of orders and refunds.</param>
/// <param name="Channel">An index into <see cref="ShopVocabulary.Channels"/>.</param>
/// <param name="Category">An index into <see cref="ShopVocabulary.Categories"/>.</param>
/// <param name="RefundedNumber">The order that a refund takes back.</param>
/// <param name="Items">How many things an order is of.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShopEvent(
    long AtMs, ShopEventKind Kind, int Customer, int Number, int Cents = 0, byte Channel = 0, byte Category = 0, int RefundedNumber = 0,
    byte Items = 0);

/// <summary>The words of the simulated shop.</summary>
internal static class ShopVocabulary
{
    public static IReadOnlyList<string> Channels { get; } = ["web", "app", "store", "marketplace"];

    /// <summary>How many of the first channels have carts.</summary>
    public const int OnlineChannels = 2;

    public static IReadOnlyList<string> Categories { get; } = ["fashion", "home", "beauty", "sports", "toys"];

    /// <summary>The name of events of a kind.</summary>
    public static string NameOf(ShopEventKind kind) => kind switch
    {
        ShopEventKind.Order => "placed_order",
        ShopEventKind.Refund => "refunded_order",
        ShopEventKind.Email => "opened_email",
        ShopEventKind.View => "viewed_product",
        ShopEventKind.Cart => "added_to_cart",
        _ => "started_checkout",
    };
}
