using Segmentation.Tests.Predictions;

namespace Segmentation.Benchmarks.Live;

/// <summary>An order of the customer of a number.</summary>
internal sealed record CustomerOrder(int Customer, long AtMs, long Cents);

/// <summary>
/// Customers who came 30 to 430 days ago, and have since then done what the models of predictions say that customers do, up to yesterday. The same whenever
/// they are asked for on one day.
/// </summary>
internal sealed class CustomerOrders(int customers)
{
    private const int FirstCameDaysAgo = 430;
    private const int LastCameDaysAgo = 30;
    private static readonly BgNbd Purchases = new(0.6, 6, 0.8, 2.5);
    private static readonly GammaGamma Values = new(4, 3.5, 20);

    private readonly int _today = (int)PurchaseSummary.DayOf(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Their orders from the beginning of one day up to, without, that of another.</summary>
    public IEnumerable<CustomerOrder> Between(int fromDaysAgo, int untilDaysAgo)
    {
        var (fromMs, untilMs) = ((_today - fromDaysAgo) * PurchaseSummary.DayMs, (_today - untilDaysAgo) * PurchaseSummary.DayMs);
        return Enumerable.Range(0, customers).SelectMany(Of).Where(order => order.AtMs >= fromMs && order.AtMs < untilMs);
    }

    private IEnumerable<CustomerOrder> Of(int customer)
    {
        var random = new Random(customer);
        var came = _today - random.Next(LastCameDaysAgo, FirstCameDaysAgo);
        return SimulatedCustomer.Purchases(random, Purchases, Values, came, _today - 1).Select(order => new CustomerOrder(customer, order.AtMs, 1 + (long)(order.Amount * 100)));
    }
}
