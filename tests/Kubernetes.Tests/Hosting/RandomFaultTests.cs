namespace Kubernetes.Tests.Hosting;

/// <summary>Faults by chance: about ten minutes of the test's clock pass in a second.</summary>
public sealed class RandomFaultTests
{
    private const int Steps = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_went_wrong_in_between_every_status_is_right_in_the_end(int seed)
    {
        await using var server = await Trouble.StartServerAsync(seed);
        await using var runtime = await RunningRuntime.StartAsync(server, withFinalizer: true);
        var trouble = new Trouble(new Random(seed), server);

        await trouble.RunAsync(runtime, Steps);
        await trouble.UntilMendedAsync(runtime);

        runtime.Controller.Overlapped.ShouldBeFalse();
    }
}
