using Segmentation.Operator.Tests.Redis;

namespace Segmentation.Operator.Tests.Http;

/// <summary>The program reads the rules of retention, and says so when one makes no sense.</summary>
[Collection(SharedRedis.Name)]
public sealed class RetentionSettingsTests(RedisServer redis)
{
    [Fact]
    public async Task A_rule_with_an_age_is_taken_and_one_without_ends_the_program_before_it_forgets_anything()
    {
        await using var program = await OperatorProcess.StartAsync(redis.Configuration, "--Retention:Rules:0:Keep=400.00:00:00", "--Retention:Rules:0:Event=viewed");

        var ended = await Should.ThrowAsync<InvalidOperationException>(OperatorProcess.StartAsync(redis.Configuration, "--Retention:Rules:0:Event=viewed"));
        ended.Message.ShouldContain("ended with code");
    }
}
