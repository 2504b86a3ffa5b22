using Segmentation.Operator.Audiences;

namespace Operator.Tests.Audiences;

public sealed class DeliveryScheduleTests
{
    private readonly AudienceOptions _options = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(10, 512)]
    [InlineData(11, 600)]
    [InlineData(1_000_000, 600)]
    public void The_wait_doubles_from_one_second_to_ten_minutes(int failures, double seconds)
    {
        Delay(failures, DeliveryResult.Unreachable("HTTP 503"), jitter: 0).ShouldBe(TimeSpan.FromSeconds(seconds));
        Delay(failures, DeliveryResult.Unreachable("HTTP 503"), jitter: 0.5).ShouldBe(TimeSpan.FromSeconds(seconds * 0.75));
    }

    [Fact]
    public void A_refusal_is_tried_again_as_soon_as_an_outage_for_somebody_may_have_mended_the_secret()
    {
        Delay(1, DeliveryResult.Rejected("HTTP 401"), jitter: 0).ShouldBe(TimeSpan.FromSeconds(1));
        Delay(1_000, DeliveryResult.Rejected("HTTP 401"), jitter: 0).ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void A_single_change_that_is_too_large_waits_the_longest_at_once() =>
        Delay(1, DeliveryResult.TooLarge("HTTP 413"), jitter: 0).ShouldBe(TimeSpan.FromMinutes(10));

    [Fact]
    public void A_missing_secret_is_looked_for_every_half_minute_at_least() =>
        Delay(20, DeliveryResult.Misconfigured("SecretNotFound", "Secret crm does not exist"), jitter: 0).ShouldBe(TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(120, 120)]
    [InlineData(3600, 3600)]
    [InlineData(86400, 3600)]
    public void What_the_destination_asks_for_is_honoured_up_to_an_hour_and_never_shortened(int asked, int seconds)
    {
        Delay(1, DeliveryResult.Unreachable("HTTP 429", TimeSpan.FromSeconds(asked)), jitter: 0.9).ShouldBe(TimeSpan.FromSeconds(seconds));
        Delay(1, DeliveryResult.Rejected("HTTP 403", TimeSpan.FromSeconds(asked)), jitter: 0.9).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    private TimeSpan Delay(int failures, DeliveryResult result, double jitter) =>
        new DeliverySchedule(_options, new FixedRandom(jitter)).DelayAfter(failures, result);

    private sealed class FixedRandom(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
