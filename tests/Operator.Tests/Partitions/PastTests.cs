using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Redis;
using Xunit.Abstractions;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>Rules that ask of the past at random: the operator remembers it through restarts, small caches and any order of turns.</summary>
[Collection(SharedRedis.Name)]
public sealed class PastTests(RedisServer redis, ITestOutputHelper output)
{
    private static readonly DataPlaneOptions Tight = new() { EntriesPerTurn = 2, DuePerTurn = 2, BackfillPerTurn = 3, CachedOccurrences = 1 };

    [Theory]
    [InlineData("mixed")]
    [InlineData("late")]
    [InlineData("waits")]
    public async Task Every_move_is_exact_whatever_the_turns_and_restarts(string shape)
    {
        foreach (var seed in Seeds.Take(4))
        {
            var because = $"SEED={seed} shape={shape}";
            output.WriteLine(because);
            await using var plane = await DataPlane.OpenAsync(redis.Configuration, options: seed % 2 == 0 ? Tight : new DataPlaneOptions());
            plane.DeclareShop();
            foreach (var (name, spec) in Shop.AskingOfThePast) plane.Declare(name, spec);
            await plane.DrainAsync();
            var history = new History(seed, ShapeOf(shape));
            for (var step = 0; step < 100; step++)
            {
                await history.StepAsync(plane);
                for (var turns = history.Random.Next(3); turns > 0; turns--) await plane.TurnAsync(history.Random.Next(plane.PartitionCount));
                if (history.Random.Next(12) == 0) await plane.TakeOverAsync();
            }
            await plane.DrainAsync();

            var oracle = new HistoryOracle(Oracle.Compile(plane)).Run(plane);
            await MovesShouldBeAsync(plane, oracle, because);
            await MemoryShouldBeAsync(plane, oracle, because);
        }
    }

    [Fact]
    public async Task What_is_replayed_from_events_alone_is_what_the_operator_remembers()
    {
        foreach (var seed in Seeds.Take(4))
        {
            output.WriteLine($"SEED={seed}");
            await using var plane = await DataPlane.OpenAsync(redis.Configuration);
            foreach (var (name, spec) in Shop.Policies) plane.Declare(name, spec);
            foreach (var name in (string[])["frequent", "lapsed"]) plane.Declare(name, Shop.Segments[name]);
            foreach (var (name, spec) in Shop.AskingOfThePast.Where(s => s.Key != "comes-and-goes")) plane.Declare(name, spec);
            await plane.DrainAsync();

            // Events that are accepted when they occur: replayed, there is no difference between the two.
            var random = new Random(seed);
            for (var step = 0; step < 150; step++)
            {
                plane.Time.Advance(random.NextInt64(1, 20 * History.HourMs));
                await plane.AppendAsync(NextEvent(plane, random, step));
                if (random.Next(3) == 0) await plane.DrainAsync();
            }
            await plane.DrainAsync();

            var definitions = Oracle.Compile(plane).ValidSegments.Select(s => s.Definition!).ToArray();
            var replay = new MembershipReplay(definitions);
            var replayed = Oracle.Replay(plane).Values.ToArray();
            foreach (var profile in replayed) replay.Run(profile, plane.Clock.NowMs);
            foreach (var definition in definitions)
            {
                var members = await Oracle.MembersAsync(plane, definition.Name, plane.Workspace.Catalog.Segments[definition.Name].Serving!.Revision);
                members.Keys.Order(StringComparer.Ordinal).ToArray().ShouldBe(
                    replayed.Where(p => Oracle.Evaluate(p, definition, plane.Clock.NowMs).Matches).Select(p => p.Id).Order(StringComparer.Ordinal).ToArray(),
                    $"SEED={seed} members of {definition.Name}");
            }
        }
    }

    internal static async Task MovesShouldBeAsync(DataPlane plane, HistoryOracle oracle, string because)
    {
        foreach (var (name, entry) in plane.Workspace.Catalog.Segments)
        {
            var expected = oracle.Flips.Where(f => f.Segment == name).ToLookup(f => f.Flip.Profile, f => f.Flip);
            var actual = (await Oracle.OutboxAsync(plane, name)).ToLookup(f => f.Profile);
            actual.Select(g => g.Key).Order(StringComparer.Ordinal).ToArray().ShouldBe(
                expected.Select(g => g.Key).Order(StringComparer.Ordinal).ToArray(), $"{because}: who moved in {name}");
            foreach (var moves in expected) actual[moves.Key].ToArray().ShouldBe(moves.ToArray(), $"{because}: moves of {moves.Key} in {name}");
            foreach (var (id, joinedAtMs) in await Oracle.MembersAsync(plane, name, entry.Serving!.Revision))
                ((long?)joinedAtMs).ShouldBe(oracle.Profiles[id].Memberships!.JoinedAtMs(name), $"{because}: joined-at of {id} in {name}");
        }
    }

    internal static async Task MemoryShouldBeAsync(DataPlane plane, HistoryOracle oracle, string because)
    {
        var watched = plane.Workspace.Plan!.Watched;
        watched.Select(w => w.Name).ShouldBe(["comes-and-goes", "frequent", "lapsed", "veterans", "welcome"]);
        foreach (var (id, expected) in oracle.Profiles)
        {
            var store = new PartitionStore(plane.Redis, plane.Name, PartitionHash.Of(id, plane.PartitionCount));
            var stored = (await store.LoadAsync([id], watched))[0].Profile;
            foreach (var name in watched.Select(w => w.Name))
            {
                (stored.Memberships?.JoinedAtMs(name)).ShouldBe(expected.Memberships!.JoinedAtMs(name), $"{because}: {id} in {name}");
                if (name is "welcome" or "comes-and-goes")
                    (stored.Memberships?.Stays.GetValueOrDefault(name) ?? default).ShouldBe(expected.Memberships.Stays.GetValueOrDefault(name), $"{because}: {id} in {name}");
            }
            (stored.Tiers?.TierOf("fixed")).ShouldBe(expected.Tiers!.TierOf("fixed"), $"{because}: tier of {id}");
            foreach (var tier in RfmTiers.Classic.Names.Where(t => t != expected.Tiers.TierOf("fixed")))
                (stored.Tiers?.LeftAtMs("fixed", tier)).ShouldBe(expected.Tiers.LeftAtMs("fixed", tier), $"{because}: {id} left {tier}");
        }
    }

    private static CustomerEvent NextEvent(DataPlane plane, Random random, int step)
    {
        var profile = $"customer-{random.Next(6)}";
        return random.Next(10) switch
        {
            < 6 => new CustomerEvent($"e{step}", "placed_order", profile, plane.Clock.NowMs, random.Next(1, 90)),
            < 9 => new CustomerEvent($"e{step}", "opened_email", profile, plane.Clock.NowMs),
            _ => new CustomerEvent($"r{step}", "refunded_order", profile, plane.Clock.NowMs, Refunds: $"e{random.Next(step + 1)}"),
        };
    }

    private static HistoryShape ShapeOf(string shape) => shape switch
    {
        "late" => new HistoryShape(Profiles: 12, Late: 0.95, Future: 0.3),
        "waits" => new HistoryShape(Profiles: 6, LongestWaitMs: 4 * 24 * History.HourMs),
        _ => new HistoryShape(Profiles: 30),
    };
}
