namespace Segmentation.Cli.Generation;

/// <summary>
/// Draws visits that fill a cart: somebody looks at a product, puts it into the cart and perhaps goes to the checkout. Four in ten lead to an
/// order of the web shop or the app, as long as there are such; the others are abandoned.
/// </summary>
internal sealed class ShopCarts(ShopSettings settings, ReplayableRandom random)
{
    private const double OrderedShare = 0.4;

    /// <summary>The visit that an order came from: at most an hour before it, and none of it before the shop opened.</summary>
    public ShopEvent[] LeadingTo(in ShopEvent order) =>
        Visit(order with { AtMs = order.AtMs - Minutes(5, 25), Cents = 0, Items = 0 }, checkoutShare: 0.8);

    /// <summary>A visit that came to nothing.</summary>
    /// <param name="cart">When something was put into the cart, by whom and what.</param>
    public ShopEvent[] Abandoned(in ShopEvent cart) => Visit(cart, checkoutShare: 0.35);

    /// <summary>Whether the next visit is to lead to an order.</summary>
    public bool DrawIsOrdered() => random.Chance(OrderedShare);

    // The cart first: where only so many events are wanted, it is the one to keep.
    private ShopEvent[] Visit(ShopEvent cart, double checkoutShare)
    {
        ShopEvent put = cart with { Kind = ShopEventKind.Cart, AtMs = InHistory(cart.AtMs) };
        ShopEvent view = put with { Kind = ShopEventKind.View, AtMs = InHistory(put.AtMs - Minutes(1, 30)) };
        ShopEvent checkout = put with { Kind = ShopEventKind.Checkout, AtMs = InHistory(put.AtMs + Minutes(1, 4)) };
        return random.Chance(checkoutShare) ? [put, view, checkout] : [put, view];
    }

    private long Minutes(int from, int to) => (60 * from + random.Below(60 * (to - from))) * 1000L;

    private long InHistory(long atMs) => Math.Clamp(atMs, settings.FromMs, Math.Max(settings.FromMs, settings.UntilMs - 1000)) / 1000 * 1000;
}
