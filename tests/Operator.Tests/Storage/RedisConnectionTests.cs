using System.Reflection;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Storage;

[Collection(SharedRedis.Name)]
public class RedisConnectionTests(RedisServer server)
{
    [Fact]
    public Task A_client_that_stands_still_is_replaced_and_hears_what_it_heard() => Task.WhenAll(
        from connection in (string[])["interactive", "subscription"] from stall in Enum.GetValues<Stall>() select IsReplacedAsync(connection, stall));

    internal static async Task<bool> AnswersAsync(RedisConnection redis)
    {
        try
        {
            await redis.AskAsync(db => db.StringGetAsync("nothing"));
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private async Task IsReplacedAsync(string connection, Stall stall)
    {
        using var redis = await DataPlane.ConnectAsync(server.Configuration, partitions: 1, TimeSpan.FromSeconds(1));
        var channel = $"heard-{Guid.NewGuid():N}";
        var heard = 0;
        await redis.SubscribeAsync(channel, (_, _) => Interlocked.Increment(ref heard));
        var client = redis.Database.Multiplexer;

        await StallAsync(client, connection, stall);

        await Eventually.HoldsAsync(async () => await AnswersAsync(redis) && redis.Database.Multiplexer != client, $"a client was replaced ({connection}, {stall})");
        await Eventually.HoldsAsync(async () =>
        {
            await redis.AskAsync(db => db.PublishAsync(channel, "something"));
            return Volatile.Read(ref heard) > 0;
        }, $"what is published is heard ({connection}, {stall})");
        await redis.StopAsync(CancellationToken.None);
    }

    // As races of the client's leave it.
    private static async Task StallAsync(ConnectionMultiplexer client, string connection, Stall stall)
    {
        var nodes = ((Array)Field(client, "serverSnapshot").GetValue(client)!).Cast<object>();
        var bridges = nodes.Select(node => Field(node, connection).GetValue(node)).OfType<object>().ToArray();
        if (stall != Stall.NoWriter)
        {
            foreach (var bridge in bridges)
            {
                Field(bridge, "physical").SetValue(bridge, null);
                Field(bridge, "state").SetValue(bridge, stall == Stall.NoSocketWhileEstablishing ? 1 : 2);
            }
            return;
        }
        foreach (var bridge in bridges) Field(bridge, "inWriteQueue").SetValue(bridge, 1);
        _ = connection == "interactive" ? client.GetDatabase().StringGetAsync("nothing") : client.GetSubscriber().SubscribeAsync("another", (_, _) => { });
        await Eventually.HoldsAsync(() => client.GetCounters() is var all && all.Interactive.PendingUnsentItems + all.Subscription.PendingUnsentItems > 0, "a command waits");
        foreach (var bridge in bridges) Field(bridge, "inWriteQueue").SetValue(bridge, 0);
    }

    private static FieldInfo Field(object of, string name) =>
        of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingFieldException(of.GetType().Name, name);

    /// <summary>What is missing for ever.</summary>
    private enum Stall
    {
        /// <summary>Somebody who sends what waits.</summary>
        NoWriter,

        /// <summary>A socket, while the client waits for the first answers on it.</summary>
        NoSocketWhileEstablishing,

        /// <summary>A socket, while the client says that it is connected.</summary>
        NoSocketWhileEstablished,
    }
}
