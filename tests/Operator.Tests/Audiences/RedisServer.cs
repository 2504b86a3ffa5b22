using StackExchange.Redis;

namespace Operator.Tests.Audiences;

/// <summary>A real Redis for all tests of the collection; each test uses a workspace of its own.</summary>
public class RedisServer : IAsyncLifetime
{
    private readonly Segmentation.Operator.Tests.Redis.RedisServer _server;

    public RedisServer()
        : this(new Segmentation.Operator.Tests.Redis.RedisServer())
    {
    }

    private protected RedisServer(Segmentation.Operator.Tests.Redis.RedisServer server) => _server = server;

    public string Configuration => _server.Configuration;

    /// <summary>A connection of the tests' own, to look at what is stored.</summary>
    public ConnectionMultiplexer Connection { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        Connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
    }

    public async Task DisposeAsync()
    {
        if (Connection is not null) await Connection.CloseAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Sends a command to every master.</summary>
    public Task EverywhereAsync(params string[] command) => Segmentation.Operator.Tests.Redis.RedisServer.EverywhereAsync(Connection.GetDatabase(), command);
}

[CollectionDefinition(Name)]
public sealed class AudienceCollection : ICollectionFixture<RedisServer>
{
    public const string Name = "audiences";
}
