using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// What a purchase of the last days came to, beside its conditional expectation: what <see cref="GammaGamma"/>, fitted to the time before, expects
/// of the customer by his repeat purchases of that time. Every customer counts once, however often he bought.
/// </summary>
/// <param name="Customers">Who had bought before and then bought again for more than nothing; at least one.</param>
/// <param name="ExpectedAverageValue">Of a purchase, over these customers.</param>
/// <param name="ActualAverageValue">Of a purchase, over these customers.</param>
/// <param name="MeanAbsoluteError">How far a customer's purchases were off what was expected of him, over these customers.</param>
public sealed record ValueHoldOut(long Customers, double ExpectedAverageValue, double ActualAverageValue, double MeanAbsoluteError);

/// <summary>Gathers what the purchases of the last days came to. The order in which customers are added changes nothing.</summary>
internal sealed class HeldOutSpending
{
    private readonly List<CustomerSpending> customers = [];

    /// <summary>Adds a customer.</summary>
    /// <param name="before">Of his purchases up to the last days.</param>
    /// <param name="known">Of all of his purchases.</param>
    public void Add(in PurchaseSummary before, in PurchaseSummary known)
    {
        var purchases = known.ValuedRepeats - before.ValuedRepeats;
        if (purchases > 0)
            customers.Add(new CustomerSpending(before.ValuedRepeats, before.RepeatValue, (known.RepeatValue - before.RepeatValue) / purchases));
    }

    /// <summary>Null when nobody bought in the last days.</summary>
    /// <param name="model">Fitted to the time before.</param>
    public ValueHoldOut? Test(GammaGamma model)
    {
        if (customers.Count == 0)
            return null;
        customers.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        var (expected, actual, error) = (0.0, 0.0, 0.0);
        foreach (var customer in customers)
        {
            var ofPurchase = Math.Min(model.ExpectedValue(customer.Purchases, customer.Value), PurchaseModel.LargestValue);
            expected += ofPurchase;
            actual += customer.HeldOutAverage;
            error += Math.Abs(ofPurchase - customer.HeldOutAverage);
        }

        return new ValueHoldOut(customers.Count, expected / customers.Count, actual / customers.Count, error / customers.Count);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct CustomerSpending(int Purchases, double Value, double HeldOutAverage)
    {
        public (int, double, double) Key => (Purchases, Value, HeldOutAverage);
    }
}
