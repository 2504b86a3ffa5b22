namespace Segmentation.Cli.Generation;

/// <summary>What a customer last said to being written to on a channel.</summary>
/// <param name="IsSubscribed">Agreed, as opposed to having declined or withdrawn.</param>
/// <param name="SinceMs">When that was said; a whole second.</param>
internal sealed record ShopConsent(bool IsSubscribed, long SinceMs)
{
    private const double WithdrawalShare = 0.18;
    private const double RefusalShare = 0.4;

    /// <summary>
    /// Who agrees does so with the first order, and some withdraw it later; of the others some decline with the first order, and the rest was
    /// never asked, which is null.
    /// </summary>
    public static ShopConsent? Draw(bool agrees, long firstOrderMs, long untilMs, ReplayableRandom random)
    {
        if (!agrees)
            return random.Chance(RefusalShare) ? new ShopConsent(IsSubscribed: false, firstOrderMs) : null;
        if (!random.Chance(WithdrawalShare))
            return new ShopConsent(IsSubscribed: true, firstOrderMs);
        long withdrawnMs = firstOrderMs + (long)((untilMs - 1 - firstOrderMs) * random.Unit());
        return new ShopConsent(IsSubscribed: false, withdrawnMs / 1000 * 1000);
    }
}
