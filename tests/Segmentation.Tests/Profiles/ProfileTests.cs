using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Profiles;

public sealed class ProfileTests
{
    [Fact]
    public void Occurrences_are_in_order_of_time_and_id_whatever_the_order_of_arrival()
    {
        var history = Ada(Order("d", 5), Order("b", 2), Order("c", 2), Order("a", 9), Order("e", 0)).History("placed_order")!;

        history.Select(static occurrence => occurrence.Id).ShouldBe(["e", "b", "c", "d", "a"]);
        history.CountUpTo(At(2)).ShouldBe(3);
        history.CountUpTo(At(2) - 1).ShouldBe(1);
    }

    [Fact]
    public void The_same_id_counts_once_even_under_another_name()
    {
        var ada = Ada(Order("1", 0, 10m));

        ada.Add(Order("1", 0, 10m)).ShouldBeFalse();
        ada.Add(Order("1", 3, 99m, name: "opened_email")).ShouldBeFalse();
        ada.EventNames.ShouldBe(["placed_order"]);
        ada.Count.ShouldBe(1);
        ada.Contains("1").ShouldBeTrue();
        ada.Contains("2").ShouldBeFalse();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1_000)]
    public void Ids_are_known_and_refunds_find_their_order_in_histories_of_any_size(int size)
    {
        var ada = Ada(Enumerable.Range(0, size).Select(static i => Order($"o{i}", i % 7, i, name: $"event{i % 3}")));

        foreach (var i in Enumerable.Range(0, size))
        {
            ada.Add(Order($"o{i}", 0)).ShouldBeFalse();
            ada.Find($"o{i}")!.Value.Value.ShouldBe(i);
            ada.Add(Refund($"r{i}", 8, $"o{i}")).ShouldBeTrue();
            ada.Find($"o{i}")!.Value.TakenBackAtMs.ShouldBe(At(8));
        }
    }

    [Fact]
    public void Occurrences_of_one_instant_are_in_ordinal_order_of_their_ids_whatever_their_characters()
    {
        string[] alphabet = ["a", "z", "é", "߿", "ࠀ", "\ud7ff", "\ue000", "豈", "\uffff", "\U00010000", "\U0001f600", "\U0010ffff"];
        string[] ids = [.. alphabet, .. alphabet.SelectMany(one => alphabet, (one, two) => one + two)];
        var arrival = ids.ToArray();
        new Random(7).Shuffle(arrival);

        var history = Ada(arrival.Select(static id => Order(id, 1))).History("placed_order")!;

        history.Select(static occurrence => occurrence.Id).ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Ids_are_told_apart_where_one_is_part_of_another_or_of_two(int others)
    {
        string[] ids = [.. Enumerable.Range(1, 6).SelectMany(static length => Enumerable.Range(0, 1 << length).Select(bits => Convert.ToString(bits, 2).PadLeft(length, '0')))];
        var ada = Ada(Enumerable.Range(0, others).Select(static i => Order($"other{i}", i)));
        var known = new HashSet<string>();
        foreach (var step in new[] { 3, 2, 1 })
        {
            for (var i = 0; i < ids.Length; i += step)
                ada.Add(Order(ids[i], i)).ShouldBe(known.Add(ids[i]));
            foreach (var id in ids)
                ada.Contains(id).ShouldBe(known.Contains(id), id);
        }
    }

    [Fact]
    public void Half_a_character_is_no_id()
    {
        foreach (var id in new[] { "a\ud800", "\udc00" })
        {
            Should.Throw<ArgumentException>(() => Ada(Order(id, 1))).Message.ShouldContain("Unicode");
            Ada(Order("1", 1)).Contains(id).ShouldBeFalse();
        }
    }

    [Fact]
    public void Ids_are_told_apart_even_if_their_hashes_are_the_same()
    {
        const int Size = 300_000; // among so many, about ten pairs have the same 32-bit hash
        var ada = Ada(Enumerable.Range(0, Size).Select(static i => Order($"o{i}", i / 1_000.0)));

        ada.Count.ShouldBe(Size);
        foreach (var i in Enumerable.Range(0, Size))
        {
            if (ada.Find($"o{i}") is not { } found || found.TimeMs != At(i / 1_000.0))
                Assert.Fail($"o{i} was not found where it is.");
        }
        ada.ForgetAllBut("placed_order", Size / 2)!.Value.Count.ShouldBe(Size / 2);
        Enumerable.Range(0, Size).Count(i => ada.Contains($"o{i}")).ShouldBe(Size / 2);
    }

    [Fact]
    public void An_occurrence_tells_all_that_was_reported()
    {
        var bag = PropertyBag.Of(("channel", "web"));
        var occurrence = Ada(new CustomerEvent("7", "placed_order", "ada", At(1), 12.50m, bag, "6")).Find("7")!.Value;

        (occurrence.Name, occurrence.TimeMs, occurrence.Value, occurrence.Refunds).ShouldBe(("placed_order", At(1), 12.50m, "6"));
        occurrence.Properties.ShouldBe(bag);
        occurrence.RefundsReceived.ShouldBeEmpty();
        occurrence.TakenBackAtMs.ShouldBe(long.MaxValue);
    }

    [Fact]
    public void Columns_that_come_late_do_not_disturb_earlier_occurrences()
    {
        var history = Ada(Order("1", 1), Order("2", 2), Order("3", 0, 5m, PropertyBag.Of(("p", 1)))).History("placed_order")!;

        history.Select(static occurrence => occurrence.Value).ShouldBe([5m, null, null]);
        history.Select(static occurrence => occurrence.Properties.Count).ShouldBe([1, 0, 0]);
    }

    [Theory]
    [InlineData("bob", 0L, 1.0)]
    [InlineData("ada", -1L, 1.0)]
    [InlineData("ada", EventJson.LatestOccurredAtMs + 1, 1.0)]
    [InlineData("ada", 0L, 1.1e12)]
    public void What_no_event_can_be_is_refused(string profileId, long occurredAtMs, double value)
    {
        var ada = new Profile("ada");

        Should.Throw<ArgumentException>(() => ada.Add(new CustomerEvent("1", "placed_order", profileId, occurredAtMs, (decimal)value)));
        ada.Count.ShouldBe(0);
    }
}
