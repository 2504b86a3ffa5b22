using Segmentation.Tests.Oracle;
using Xunit.Abstractions;

namespace Segmentation.Tests.Profiles;

public sealed class KeptBagsTests(ITestOutputHelper output)
{
    private readonly KeptBags _kept = new();

    [Fact]
    public void A_bag_that_is_kept_again_has_the_same_number_until_it_was_dropped_as_often()
    {
        var (shoes, hats) = (PropertyBag.Of(("category", "shoes")), PropertyBag.Of(("category", "hats")));
        var number = _kept.Keep(shoes);
        _kept.Keep(shoes).ShouldBe(number);
        _kept.Drop(number);
        _kept[number].ShouldBeSameAs(shoes);
        _kept.Drop(number);
        _kept.Keep(hats).ShouldBe(number, "its number is free");
        _kept[number].ShouldBeSameAs(hats);
    }

    [Fact]
    public void No_properties_need_no_number()
    {
        _kept.Keep(PropertyBag.Empty).ShouldBe(KeptBags.None);
        _kept.Drop(KeptBags.None);
        _kept[KeptBags.None].ShouldBeSameAs(PropertyBag.Empty);
    }

    /// <summary>Many more bags than the last given numbers are remembered of, against a list of what was kept.</summary>
    [Fact]
    public void Every_number_gives_what_was_kept_by_it()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 3))
        {
            output.WriteLine($"SEED={seed}");
            var random = new Random(seed);
            PropertyBag[] bags = [.. Enumerable.Range(0, 10_000).Select(static i => PropertyBag.Of(("number", i)))];
            var held = new List<(int Number, PropertyBag Bag)>();
            for (var step = 0; step < 100_000; step++)
            {
                if (held.Count > 0 && random.Next(held.Count + 20_000) < held.Count)
                {
                    var at = random.Next(held.Count);
                    _kept[held[at].Number].ShouldBeSameAs(held[at].Bag);
                    _kept.Drop(held[at].Number);
                    (held[at], held[^1]) = (held[^1], held[at]);
                    held.RemoveAt(held.Count - 1);
                    continue;
                }
                var bag = bags[random.Next(random.Next(2) == 0 ? 100 : bags.Length)];
                held.Add((_kept.Keep(bag), bag));
            }
            foreach (var (number, bag) in held)
            {
                _kept[number].ShouldBeSameAs(bag);
                _kept.Drop(number);
            }
        }
    }
}
