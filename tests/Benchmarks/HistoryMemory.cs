using System.Runtime.CompilerServices;

namespace Segmentation.Benchmarks;

/// <summary>
/// What an event takes in the memory of an operator, by how many a profile has: bytes that stay, and bytes that are allocated for it to be remembered, which
/// is what collections have to move. Events of three names, as of a shop, with a property; by chance from a fixed seed.
/// </summary>
internal static class HistoryMemory
{
    private const int Events = 1_200_000;

    private static readonly PropertyBag Properties = PropertyBag.Of(("category", "shoes"));

    public static void Run()
    {
        Table.Head("events of each profile", "bytes that stay, per event", "bytes allocated, per event");
        foreach (var each in new[] { 10, 30, 60, 120, 240, 1_000, 10_000 })
        {
            var (stays, allocated) = Measure(each);
            Table.Row($"{each}", $"{(double)stays / Events:0}", $"{(double)allocated / Events:0}");
        }
    }

    // By itself: the caller would keep the profiles of the row before alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (long Stays, long Allocated) Measure(int each)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (profiles, allocated) = Fill(each);
        var stays = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(profiles);
        return (stays, allocated);
    }

    private static (Profile[] Profiles, long Allocated) Fill(int each)
    {
        var random = new Random(42);
        var memory = new OccurrenceMemory();
        Profile[] profiles = [.. Enumerable.Range(0, Events / each).Select(i => new Profile($"customer-{i}", memory))];
        var allocated = 0L;
        for (var i = 0; i < Events; i++)
        {
            var profile = profiles[random.Next(profiles.Length)];
            var (name, value) = random.Next(10) switch
            {
                < 7 => ("viewed_product", (decimal?)null),
                < 9 => ("opened_email", null),
                _ => ("placed_order", 12.5m),
            };
            var e = new CustomerEvent($"event-{i:00000000000}", name, profile.Id, 1_700_000_000_000 + i, value, Properties);
            var before = GC.GetAllocatedBytesForCurrentThread();
            profile.Add(e);
            if (memory.IsSparse) memory.Compact(profiles);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        return (profiles, allocated);
    }
}
