using Kubernetes.Informers;
using Kubernetes.Tests.Time;

namespace Kubernetes.Tests.Informers;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();

    [Fact]
    public void Waits_double_up_to_the_longest_each_with_some_chance_in_it()
    {
        var backoff = Create(seed: 1);
        var waits = Enumerable.Range(0, 8).Select(_ => Fail(backoff)).ToList();

        for (var i = 0; i < 5; i++)
            waits[i].ShouldBeInRange(First * Math.Pow(2, i), First * Math.Pow(2, i) * 1.5);
        waits[6..].ShouldAllBe(wait => wait == Longest);
        Fail(Create(seed: 2)).ShouldNotBe(waits[0]);
    }

    [Fact]
    public void Two_minutes_of_health_after_the_wait_begin_it_anew_and_less_do_not()
    {
        var backoff = Create(seed: 1);
        for (var i = 0; i < 4; i++)
            Fail(backoff);

        _time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));
        Fail(backoff).ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromMinutes(2));
        Fail(backoff).ShouldBeLessThanOrEqualTo(First * 1.5);
    }

    private TimeSpan Fail(Backoff backoff)
    {
        var wait = backoff.Next();
        _time.Advance(wait);
        return wait;
    }

    private Backoff Create(int seed) => new(First, Longest, TimeSpan.FromMinutes(2), _time, new Random(seed));
}
