using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Profiles;

/// <summary>What a profile forgets is what is too old, and nothing that something else hangs on.</summary>
public sealed class ForgettingTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(128)]
    [InlineData(400)]
    public void A_profile_that_has_forgotten_is_as_one_that_never_knew(int size)
    {
        var events = Enumerable.Range(0, size).Select(static i => Order($"o{i}", i % 20, i % 3 == 0 ? null : i, i % 4 == 0 ? PropertyBag.Of(("n", i)) : null, $"event{i % 2}")).ToArray();
        var ada = Ada(events);

        var forgotten = ada.Forget(static name => name == "event0" ? 5 * Day : 100 * Day, At(14.5));

        var kept = events.Where(static e => e.Name != "event0" || e.OccurredAtMs > At(9.5)).ToArray();
        var fresh = Ada(kept);
        forgotten.ShouldBe([new Forgotten("event0", At(8) + 1, size - kept.Length)]);
        ada.Count.ShouldBe(fresh.Count);
        foreach (var name in fresh.EventNames) ShouldBeSame(ada.History(name)!, fresh.History(name)!);
        foreach (var e in events) ada.Contains(e.Id).ShouldBe(kept.Contains(e));

        foreach (var e in events.Reverse()) ada.Add(e).ShouldBe(!kept.Contains(e));
        foreach (var name in fresh.EventNames) ShouldBeSame(ada.History(name)!, Ada(events).History(name)!);
    }

    [Fact]
    public void An_event_of_exactly_the_age_goes_and_one_a_millisecond_younger_stays()
    {
        var ada = Ada(Order("old", 1), Order("young", 1) with { OccurredAtMs = At(1) + 1 });

        ada.Forget(static _ => 3 * Day, At(4)).ShouldBe([new Forgotten("placed_order", At(1) + 1, 1)]);
        ada.History("placed_order")!.Select(static o => o.Id).ShouldBe(["young"]);

        ada.Forget(static _ => 3 * Day, At(9)).Count.ShouldBe(1);
        ada.EventNames.ShouldBeEmpty("a name without events is none");
        ada.Forget(static _ => 3 * Day, At(99)).ShouldBeEmpty();
    }

    [Fact]
    public void An_order_and_its_refund_go_together()
    {
        var ada = Ada(Order("a", 0), Order("b", 1, 5m), Order("c", 2), Refund("r", 6, "b"));

        ada.Forget(static _ => 3 * Day, At(8)).ShouldBe([new Forgotten("placed_order", At(0) + 1, 1)], "what comes after the order stays with it");
        ada.Find("b")!.Value.TakenBackAtMs.ShouldBe(At(6));

        ada.Forget(static _ => 3 * Day, At(9)).Sum(static f => f.Count).ShouldBe(3);
        ada.Count.ShouldBe(0);
    }

    [Fact]
    public void Where_one_of_both_is_kept_for_ever_so_is_the_other()
    {
        var ada = Ada(Order("a", 0, 5m), Refund("r", 1, "a"), Refund("without", 0.5, null));

        ada.Forget(static name => name == "placed_order" ? null : Day, At(50)).ShouldBe([new Forgotten("refunded_order", At(0.5) + 1, 1)]);
        ada.Forget(static name => name == "refunded_order" ? null : Day, At(50)).ShouldBeEmpty();
    }

    [Fact]
    public void A_refund_waits_for_an_order_that_has_not_come()
    {
        var ada = Ada(Refund("r", 0, "a"), Refund("later", 1, null));

        ada.Forget(static _ => Day, At(50)).ShouldBeEmpty();
        ada.Add(Order("a", 49, 5m));
        ada.Find("a")!.Value.TakenBackAtMs.ShouldBe(At(0));
    }

    [Fact]
    public void Of_too_many_the_latest_stay_and_those_of_their_first_millisecond()
    {
        var ada = Ada([.. Enumerable.Range(0, 60).Select(static i => Order($"o{i}", i / 10)), Order("v", 0, name: "viewed")]);

        ada.ForgetAllBut("viewed", 1).ShouldBeNull();
        ada.ForgetAllBut("never", 1).ShouldBeNull();
        ada.ForgetAllBut("placed_order", 25).ShouldBe(new Forgotten("placed_order", At(2) + 1, 30));
        ada.ForgetAllBut("placed_order", 5).ShouldBe(new Forgotten("placed_order", At(4) + 1, 20));
        ada.ForgetAllBut("placed_order", 5).ShouldBeNull("all that are left are of one millisecond");
        ada.History("placed_order")!.Select(static o => o.TimeMs).Distinct().ShouldBe([At(5)]);
        ada.History("viewed")!.Count.ShouldBe(1);
    }

    private static void ShouldBeSame(OccurrenceHistory actual, OccurrenceHistory expected) =>
        actual.Select(static o => (o.Id, o.TimeMs, o.Value, o.Properties, o.Refunds))
            .ShouldBe(expected.Select(static o => (o.Id, o.TimeMs, o.Value, o.Properties, o.Refunds)));
}
