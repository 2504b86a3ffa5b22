using System.Reflection;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using StackExchange.Redis;

namespace Segmentation.Operator.Tests.Storage;

[Collection(SharedRedis.Name)]
public class RedisConnectionTests(RedisServer server)
{
    [Theory]
    [InlineData("interactive")]
    [InlineData("subscription")]
    public async Task A_client_that_waits_for_a_writer_that_does_not_come_is_replaced_and_hears_what_it_heard(string connection)
    {
        using var redis = await DataPlane.ConnectAsync(server.Configuration, partitions: 1, TimeSpan.FromSeconds(1));
        var channel = $"heard-{Guid.NewGuid():N}";
        var heard = 0;
        await redis.SubscribeAsync(channel, (_, _) => Interlocked.Increment(ref heard));
        var client = redis.Database.Multiplexer;

        await StallAsync(client, connection);

        await Eventually.HoldsAsync(async () => await AnswersAsync(redis) && redis.Database.Multiplexer != client, "the client was replaced");
        await Eventually.HoldsAsync(async () =>
        {
            await redis.WithinTimeout(redis.Database.PublishAsync(channel, "something"));
            return Volatile.Read(ref heard) > 0;
        }, "what is published is heard");
        await redis.StopAsync(CancellationToken.None);
    }

    internal static async Task<bool> AnswersAsync(RedisConnection redis)
    {
        try
        {
            await redis.WithinTimeout(redis.Database.StringGetAsync("nothing"));
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    // As a race of the client's leaves it: something waits, and nobody was woken for it.
    private static async Task StallAsync(ConnectionMultiplexer client, string connection)
    {
        var nodes = ((Array)Field(client, "serverSnapshot").GetValue(client)!).Cast<object>();
        var bridges = nodes.Select(node => Field(node, connection).GetValue(node)).OfType<object>().ToArray();
        foreach (var bridge in bridges) Field(bridge, "inWriteQueue").SetValue(bridge, 1);
        _ = connection == "interactive" ? client.GetDatabase().StringGetAsync("nothing") : client.GetSubscriber().SubscribeAsync("another", (_, _) => { });
        await Eventually.HoldsAsync(() => client.GetCounters() is var all && all.Interactive.PendingUnsentItems + all.Subscription.PendingUnsentItems > 0, "a command waits");
        foreach (var bridge in bridges) Field(bridge, "inWriteQueue").SetValue(bridge, 0);
    }

    private static FieldInfo Field(object of, string name) =>
        of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingFieldException(of.GetType().Name, name);
}
