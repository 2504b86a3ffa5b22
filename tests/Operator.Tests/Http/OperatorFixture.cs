using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Http;

/// <summary>One running program for the tests that leave it as it is.</summary>
public sealed class OperatorFixture : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private OperatorProcess? _program;

    internal OperatorProcess Program => _program!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _program = await OperatorProcess.StartAsync(_redis.Configuration);
    }

    public async Task DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
