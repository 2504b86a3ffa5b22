using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Tests.Redis;
using Segmentation.Operator.Tests.Storage;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>What a way to Redis that is silent for a while does to the one connection.</summary>
[Collection(SharedRedis.Name)]
public sealed class RedisConnectionFaultTests(RedisServer server)
{
    [Fact]
    public async Task A_connection_on_which_the_first_words_are_not_answered_is_given_up()
    {
        await using var proxy = new RedisProxy(server.Port);
        using var redis = await DataPlane.ConnectAsync(proxy.Configuration, partitions: 1, TimeSpan.FromSeconds(1));
        proxy.BeDeafTo(connections: 2);
        proxy.Cut();

        // By itself the client would wait for a minute.
        await Eventually.HoldsAsync(async () => await RedisConnectionTests.AnswersAsync(redis), () => "commands are answered", TimeSpan.FromSeconds(40));
        await redis.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_client_whose_server_takes_nothing_for_seconds_stays()
    {
        await using var proxy = new RedisProxy(server.Port);
        using var redis = await DataPlane.ConnectAsync(proxy.Configuration, partitions: 1, TimeSpan.FromSeconds(1));
        var client = redis.Database.Multiplexer;
        var large = new byte[1 << 20];
        using (await proxy.HoldAsync())
        {
            for (var i = 0; i < 50; i++) _ = redis.Database.StringSetAsync("large", large); // more than the way there takes
            await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
        }

        await Eventually.HoldsAsync(async () => await RedisConnectionTests.AnswersAsync(redis), "commands are answered");
        redis.Database.Multiplexer.ShouldBeSameAs(client);
        await redis.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_is_disposed_of_does_not_connect_again()
    {
        var name = $"disposed-{Guid.NewGuid():N}";
        using (await DataPlane.ConnectAsync($"{server.Configuration},name={name}", partitions: 1))
            (await ClientsAsync()).ShouldContain(name);

        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System); // longer than it takes to miss answers and to connect anew
        (await ClientsAsync()).ShouldNotContain(name);
    }

    private Task<string> ClientsAsync() => RedisCli.RunAsync(["-p", $"{server.Port}", "CLIENT", "LIST"]);
}
