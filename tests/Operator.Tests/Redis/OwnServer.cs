namespace Segmentation.Operator.Tests.Redis;

/// <summary>A server for one test.</summary>
internal sealed class OwnServer : IAsyncDisposable
{
    private OwnServer(RedisServer redis) => Redis = redis;

    public RedisServer Redis { get; }

    public static async Task<OwnServer> StartAsync(bool appendOnly, bool single = false)
    {
        var redis = new RedisServer(appendOnly, single);
        await redis.InitializeAsync();
        return new OwnServer(redis);
    }

    public async ValueTask DisposeAsync() => await Redis.DisposeAsync();
}
