using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Tests.Partitions;

[SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync")]
public sealed class DueTimerTests : IAsyncLifetime
{
    private const long HourMs = 3_600_000;

    private readonly BusinessClock _clock = new(TimeProvider.System);
    private readonly DueTimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<(PartitionSlot Slot, long AtMs)> _woken = [];
    private readonly PartitionSlot _one = new(null!);
    private readonly PartitionSlot _other = new(null!);
    private Task _running = Task.CompletedTask;

    public DueTimerTests() => _timer = new DueTimer(_clock);

    public Task InitializeAsync()
    {
        _running = _timer.RunAsync(slot => _woken.Add((slot, _clock.NowMs)), _stop.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        _timer.Dispose();
        _stop.Dispose();
        _woken.Dispose();
    }

    [Fact]
    public void Partitions_are_woken_in_the_order_of_their_times_and_none_before_its_own()
    {
        var nowMs = _clock.NowMs;
        _timer.Set(_one, nowMs + 60);
        _timer.Set(_other, nowMs + 30);

        var (first, second) = (Next(), Next());

        first.Slot.ShouldBe(_other);
        first.AtMs.ShouldBeGreaterThanOrEqualTo(nowMs + 30);
        second.Slot.ShouldBe(_one);
        second.AtMs.ShouldBeGreaterThanOrEqualTo(nowMs + 60);
    }

    [Fact]
    public void A_clock_that_is_moved_wakes_whatever_has_come_by_it()
    {
        var nowMs = _clock.NowMs;
        _timer.Set(_one, nowMs + HourMs);
        _clock.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(nowMs + HourMs));
        Next().Slot.ShouldBe(_one);
    }

    [Fact]
    public void The_last_setting_of_a_partition_holds()
    {
        var nowMs = _clock.NowMs;
        _timer.Set(_one, nowMs + HourMs);
        _timer.Set(_one, nowMs + (2 * HourMs));
        _timer.Set(_other, nowMs + HourMs);
        _clock.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(nowMs + HourMs));
        Next().Slot.ShouldBe(_other);
        _clock.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(nowMs + (2 * HourMs)));
        Next().Slot.ShouldBe(_one);
        _timer.Set(_one, nowMs); // at once, and only once
        Next().Slot.ShouldBe(_one);
        _woken.Count.ShouldBe(0);
    }

    private (PartitionSlot Slot, long AtMs) Next() =>
        _woken.TryTake(out var woken, TimeSpan.FromSeconds(30)) ? woken : throw new TimeoutException("No partition was woken.");
}
