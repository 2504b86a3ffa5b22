using Kubernetes.Queue;
using Kubernetes.Tests.Time;

namespace Kubernetes.Tests.Queue;

public sealed class WorkQueueTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TestMeters _meters = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>(_time, new QueueMetrics(_meters, "test"));

    [Fact]
    public async Task A_key_added_many_times_is_taken_once()
    {
        _queue.Add("a");
        _queue.Add("a");
        _queue.Add("b");

        (await TakeAllAsync()).ShouldBe(["a", "b"]);
        _meters.Sum("workqueue_adds_total").ShouldBe(2);
    }

    [Fact]
    public async Task A_key_is_never_taken_twice_at_once_and_comes_again_when_added_meanwhile()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.Add("a");
        _queue.Add("a");
        _queue.Depth.ShouldBe(0);

        _queue.Done("a");
        (await TakeAsync()).ShouldBe("a");
        _queue.Done("a");
        _queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Of_several_delays_the_earliest_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromMinutes(10));
        _queue.AddAfter("a", TimeSpan.FromMinutes(1));
        _queue.AddAfter("a", TimeSpan.FromMinutes(5));

        _time.Advance(TimeSpan.FromSeconds(59));
        _queue.Depth.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await TakeAllAsync()).ShouldBe(["a"]);

        _time.Advance(TimeSpan.FromMinutes(30));
        _queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task A_delay_without_end_counts_as_a_year()
    {
        _queue.AddAfter("a", TimeSpan.MaxValue);
        _time.Advance(TimeSpan.FromDays(364));
        _queue.Depth.ShouldBe(0);
        _time.Advance(TimeSpan.FromDays(2));
        (await TakeAllAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Adding_at_once_ends_a_delay()
    {
        _queue.AddAfter("a", TimeSpan.FromMinutes(10));
        _queue.Add("a");

        (await TakeAllAsync()).ShouldBe(["a"]);
        _time.Advance(TimeSpan.FromMinutes(11));
        _queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task A_delay_that_ends_while_the_key_is_worked_on_waits_for_the_work_to_be_done()
    {
        _queue.Add("a");
        await TakeAsync();
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(5));
        _queue.Depth.ShouldBe(0);

        _queue.Done("a");
        (await TakeAsync()).ShouldBe("a");
    }

    [Fact]
    public async Task Waits_after_failures_double_up_to_a_quarter_of_an_hour_and_never_end()
    {
        var waits = new List<double>();
        for (var i = 0; i < 100; i++)
        {
            var wait = _queue.AddAfterFailure("a");
            waits.Add(wait.TotalSeconds);
            _time.Advance(wait + TimeSpan.FromMilliseconds(1));
            (await TakeAllAsync()).ShouldBe(["a"]);
        }

        waits.Take(4).ShouldBe([0.75, 1.5, 3, 6]);
        waits.Skip(11).ShouldAllBe(seconds => seconds == 900);
        _queue.Forget("a");
        _queue.AddAfterFailure("a").ShouldBe(TimeSpan.FromMilliseconds(750));
        _meters.Sum("workqueue_retries_total").ShouldBe(101);
    }

    [Fact]
    public async Task Failures_of_one_key_do_not_slow_another()
    {
        for (var i = 0; i < 10; i++)
            _queue.AddAfterFailure("broken");
        _queue.Add("fine");

        (await TakeAsync()).ShouldBe("fine");
        _queue.AddAfterFailure("fine").ShouldBe(TimeSpan.FromMilliseconds(750));
    }

    [Fact]
    public async Task Live_changes_go_before_a_long_initial_list()
    {
        for (var i = 0; i < 1000; i++)
            _queue.Add($"initial-{i}", QueuePriority.Low);
        _queue.Add("live");

        (await TakeAsync()).ShouldBe("live");
        (await TakeAsync()).ShouldBe("initial-0");
    }

    [Fact]
    public async Task Keys_of_low_priority_do_not_starve()
    {
        _queue.Add("low", QueuePriority.Low);
        _time.Advance(WorkQueue<string>.LowPriorityPenalty + TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
            _queue.Add($"live-{i}");

        (await TakeAsync()).ShouldBe("low");
    }

    [Fact]
    public async Task A_waiting_key_becomes_as_urgent_as_its_most_urgent_addition()
    {
        _queue.Add("a", QueuePriority.Low);
        _queue.Add("b", QueuePriority.Low);
        _queue.Add("b");

        (await TakeAllAsync()).ShouldBe(["b", "a"]);
    }

    [Fact]
    public async Task Taking_waits_until_there_is_a_key_and_ends_when_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var taking = _queue.TakeAsync(cancellation.Token).AsTask();
        taking.IsCompleted.ShouldBeFalse();
        _queue.Add("a");
        (await Wait.WithinLimitAsync(taking)).ShouldBe("a");

        var waiting = _queue.TakeAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    [Fact]
    public async Task Many_workers_and_writers_lose_no_key_and_never_share_one()
    {
        const int Keys = 50;
        var running = new int[Keys];
        var seen = new int[Keys];
        var wanted = new int[Keys];
        var shared = false;
        using var stop = new CancellationTokenSource();
        using var queue = new WorkQueue<int>(TimeProvider.System, new QueueMetrics(_meters, "busy"));
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var key = await queue.TakeAsync(stop.Token);
                shared |= Interlocked.Increment(ref running[key]) > 1;
                Volatile.Write(ref seen[key], Volatile.Read(ref wanted[key]));
                await Task.Yield();
                Interlocked.Decrement(ref running[key]);
                queue.Done(key);
            }
        })).ToList();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            var random = new Random(writer);
            for (var i = 0; i < 5000; i++)
            {
                var key = random.Next(Keys);
                Interlocked.Increment(ref wanted[key]);
                if (random.Next(3) == 0)
                    queue.AddAfter(key, TimeSpan.FromMilliseconds(random.Next(3)));
                else
                    queue.Add(key);
            }
        }));

        await Task.WhenAll(writers);
        await Wait.UntilAsync(() => seen.SequenceEqual(wanted));
        await stop.CancelAsync();
        await Task.WhenAll(workers.Select(worker => worker.ContinueWith(_ => { }, TaskScheduler.Default)));
        shared.ShouldBeFalse();
    }

    public void Dispose()
    {
        _queue.Dispose();
        _meters.Dispose();
    }

    private async Task<string> TakeAsync() => await Wait.WithinLimitAsync(_queue.TakeAsync(CancellationToken.None).AsTask());

    private async Task<List<string>> TakeAllAsync()
    {
        var taken = new List<string>();
        while (_queue.Depth > 0)
        {
            var key = await TakeAsync();
            taken.Add(key);
            _queue.Done(key);
        }

        return taken;
    }
}
