using System.Globalization;
using Segmentation.Tests.Oracle;
using Xunit.Abstractions;

namespace Segmentation.Tests.Profiles;

public sealed class OccurrenceMemoryTests(ITestOutputHelper output)
{
    private const int Customers = 40;
    private const int Steps = 20_000;

    private static readonly PropertyBag[] Shared = [.. Enumerable.Range(0, 30).Select(static i => PropertyBag.Of(("shared", i)))];

    private readonly Profile?[] _profiles = new Profile?[Customers];
    private readonly Dictionary<string, CustomerEvent>[] _known = [.. Enumerable.Range(0, Customers).Select(static _ => new Dictionary<string, CustomerEvent>())];
    private readonly OccurrenceMemory _memory = new();

    /// <summary>Profiles in one memory that grow, forget, are released and come anew, and are moved closer together, beside plain dictionaries.</summary>
    [Fact]
    public void What_profiles_give_back_is_used_again_without_a_trace()
    {
        foreach (var seed in Seeds.Take(first: 1, count: 8))
        {
            output.WriteLine($"SEED={seed}");
            var random = new Random(seed);
            for (var step = 0; step < Steps; step++)
            {
                var customer = random.Next(Customers);
                switch (random.Next(2_000))
                {
                    case 0:
                        _memory.Compact(_profiles.OfType<Profile>());
                        break;
                    case < 20:
                        Release(customer);
                        break;
                    case < 60:
                        Forget(customer, $"event{random.Next(3)}", random.Next(1, 60));
                        break;
                    default:
                        Add(customer, EventBy(random, customer, step));
                        break;
                }
                if (step % 500 == 0)
                    RequireSame($"SEED={seed}, step {step}");
            }
            RequireSame($"SEED={seed}");
        }
    }

    [Fact]
    public void A_memory_is_sparse_once_a_fifth_of_it_is_free()
    {
        var profiles = Enumerable.Range(0, 20_000).Select(i => new Profile($"p{i}", _memory)).ToArray();
        foreach (var profile in profiles)
        {
            for (var i = 0; i < 8; i++)
                profile.Add(new CustomerEvent($"event-{i}", "seen", profile.Id, i, null, PropertyBag.Empty));
        }
        _memory.Compact(profiles);
        _memory.IsSparse.ShouldBeFalse();
        foreach (var profile in profiles.Take(profiles.Length / 3))
            profile.Release();
        _memory.IsSparse.ShouldBeTrue();
        _memory.Compact(profiles[(profiles.Length / 3)..]);
        _memory.IsSparse.ShouldBeFalse();
        profiles[^1].Find("event-7")!.Value.TimeMs.ShouldBe(7);
    }

    private static CustomerEvent EventBy(Random random, int customer, int step)
    {
        var id = random.Next(100) == 0 ? new string('x', 255) : "event-" + step.ToString(CultureInfo.InvariantCulture);
        return new CustomerEvent(
            id, $"event{random.Next(3)}", $"p{customer}", random.Next(1_000), random.Next(3) == 0 ? random.Next(100) : null,
            BagBy(random, step), random.Next(20) == 0 ? $"event-{random.Next(step + 1)}" : null);
    }

    private static PropertyBag BagBy(Random random, int step) => random.Next(4) switch
    {
        0 => PropertyBag.Empty,
        1 => PropertyBag.Of(("step", step)),
        _ => Shared[random.Next(Shared.Length)],
    };

    private void Add(int customer, CustomerEvent e)
    {
        var profile = _profiles[customer] ??= new Profile($"p{customer}", _memory);
        profile.Add(e).ShouldBe(_known[customer].TryAdd(e.Id, e));
    }

    private void Forget(int customer, string name, int most)
    {
        if (_profiles[customer]?.ForgetAllBut(name, most) is not { } forgotten)
            return;
        foreach (var e in _known[customer].Values.Where(e => e.Name == name && e.OccurredAtMs < forgotten.BeforeMs).ToArray())
            _known[customer].Remove(e.Id);
    }

    private void Release(int customer)
    {
        _profiles[customer]?.Release();
        _profiles[customer] = null;
        _known[customer].Clear();
    }

    private void RequireSame(string where)
    {
        for (var customer = 0; customer < Customers; customer++)
        {
            var profile = _profiles[customer];
            var held = (profile?.EventNames ?? []).SelectMany(name => profile!.History(name)!)
                .Select(o => new CustomerEvent(o.Id, o.Name, profile!.Id, o.TimeMs, o.Value, o.Properties, o.Refunds));
            held.ShouldBe(
                _known[customer].Values.OrderBy(static e => e.Name, StringComparer.Ordinal).ThenBy(static e => e.OccurredAtMs).ThenBy(static e => e.Id, StringComparer.Ordinal),
                where);
        }
    }
}
