using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Profiles;

public sealed class RefundTests
{
    // An order of day 0; what is left of its value at days 1, 2 and 3; null: taken back.
    public static TheoryData<string, CustomerEvent, CustomerEvent[], decimal?[]> Cases => new()
    {
        { "none", Order("o", 0, 100m), [], [100m, 100m, 100m] },
        { "without an amount, all", Order("o", 0, 100m), [Refund("r", 2, "o")], [100m, null, null] },
        { "the whole amount, all", Order("o", 0, 100m), [Refund("r", 2, "o", 100m)], [100m, null, null] },
        { "more than the amount, all", Order("o", 0, 100m), [Refund("r", 2, "o", 150m)], [100m, null, null] },
        { "a part", Order("o", 0, 100m), [Refund("r", 2, "o", 30.25m)], [100m, 69.75m, 69.75m] },
        { "a part with a minus sign", Order("o", 0, 100m), [Refund("r", 2, "o", -30m)], [100m, 70m, 70m] },
        { "parts add up", Order("o", 0, 100m), [Refund("r", 2, "o", 30m), Refund("s", 3, "o", 40m)], [100m, 70m, 30m] },
        { "parts add up to all", Order("o", 0, 100m), [Refund("r", 2, "o", 30m), Refund("s", 3, "o", 70m)], [100m, 70m, null] },
        { "a part, then all", Order("o", 0, 100m), [Refund("r", 1, "o", 30m), Refund("s", 2, "o")], [70m, null, null] },
        { "of the same instant", Order("o", 0, 100m), [Refund("r", 2, "o", 50m), Refund("s", 2, "o", 50m)], [100m, null, null] },
        { "of nothing", Order("o", 0, 100m), [Refund("r", 2, "o", 0m)], [100m, 100m, 100m] },
        { "any part of an order without value", Order("o", 0), [Refund("r", 2, "o", 5m)], [null, null, null] },
        { "earlier than its order", Order("o", 0, 100m), [Refund("r", -1, "o", 10m)], [90m, 90m, 90m] },
        { "of another order", Order("o", 0, 100m), [Refund("r", 1, "x", 10m)], [100m, 100m, 100m] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_refund_takes_back_what_it_says_in_any_order_of_arrival(
        string what, CustomerEvent order, CustomerEvent[] refunds, decimal?[] left)
    {
        foreach (var arrival in Orders([order, .. refunds]))
        {
            var found = Ada(arrival).Find("o")!.Value;

            ((decimal?[])[found.ValueLeftAt(At(1)), found.ValueLeftAt(At(2)), found.ValueLeftAt(At(3))]).ShouldBe(left, what);
        }
    }

    [Fact]
    public void A_refund_is_an_occurrence_of_its_own_name()
    {
        var ada = Ada(Order("o", 0, 100m), Refund("r", 2, "o", 30m));

        ada.History("refunded_order")!.Select(static occurrence => occurrence.Refunds).ShouldBe(["o"]);
        ada.Find("o")!.Value.RefundsReceived.ShouldBe([new Refund(At(2), 30m)]);
    }

    [Fact]
    public void An_order_without_value_is_taken_back_by_any_refund_from_then_on()
    {
        var order = Ada(Order("o", 0), Refund("r", 2, "o", 5m)).Find("o")!.Value;

        order.TakenBackAtMs.ShouldBe(At(2));
    }

    [Fact]
    public void A_refund_that_is_taken_back_keeps_its_effect()
    {
        var ada = Ada(Order("o", 0, 100m), Refund("r", 1, "o"), Refund("s", 2, "r"));

        ada.Find("r")!.Value.TakenBackAtMs.ShouldBe(At(2));
        ada.Find("o")!.Value.TakenBackAtMs.ShouldBe(At(1));
    }

    private static IEnumerable<CustomerEvent[]> Orders(CustomerEvent[] events) => events.Length <= 1
        ? [events]
        : events.SelectMany(first => Orders(events.Where(e => e != first).ToArray()).Select(rest => (CustomerEvent[])[first, .. rest]));
}
