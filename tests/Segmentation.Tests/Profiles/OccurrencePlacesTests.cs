using System.Globalization;
using Segmentation.Tests.Oracle;
using Xunit.Abstractions;

namespace Segmentation.Tests.Profiles;

public sealed class OccurrencePlacesTests(ITestOutputHelper output)
{
    private const int Steps = 4_000;
    private const int Ids = 2_000;

    /// <summary>Histories that grow past the size from which on there is a table, and shrink again from their oldest end, beside plain sets.</summary>
    [Fact]
    public void What_is_remembered_is_found_and_what_is_forgotten_is_not()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 8))
        {
            output.WriteLine($"SEED={seed}");
            var random = new Random(seed);
            var ada = new Profile("ada");
            var known = new Dictionary<string, (string Name, long TimeMs)>();
            for (var step = 0; step < Steps; step++)
            {
                if (random.Next(200) == 0)
                    Forget(ada, known, random);
                else
                    Add(ada, known, random);
                if (step % 100 != 0)
                    continue;
                for (var i = 0; i < Ids; i++)
                    ada.Contains(IdOf(i)).ShouldBe(known.ContainsKey(IdOf(i)), $"SEED={seed}, step {step}: {IdOf(i)}");
                ada.Count.ShouldBe(known.Count);
            }
        }
    }

    private static void Add(Profile ada, Dictionary<string, (string Name, long TimeMs)> known, Random random)
    {
        var (id, name, timeMs) = (IdOf(random.Next(Ids)), $"event{random.Next(3)}", (long)random.Next(1_000));
        ada.Add(new CustomerEvent(id, name, "ada", timeMs, null, PropertyBag.Empty)).ShouldBe(known.TryAdd(id, (name, timeMs)));
        ada.Find(id)!.Value.TimeMs.ShouldBe(known[id].TimeMs);
    }

    private static void Forget(Profile ada, Dictionary<string, (string Name, long TimeMs)> known, Random random)
    {
        if (ada.ForgetAllBut($"event{random.Next(3)}", random.Next(1, 100)) is not { } forgotten)
            return;
        var gone = known.Where(e => e.Value.Name == forgotten.Name && e.Value.TimeMs < forgotten.BeforeMs).Select(static e => e.Key).ToArray();
        gone.Length.ShouldBe(forgotten.Count);
        foreach (var id in gone)
            known.Remove(id);
    }

    private static string IdOf(int number) => "event-" + number.ToString(CultureInfo.InvariantCulture);
}
