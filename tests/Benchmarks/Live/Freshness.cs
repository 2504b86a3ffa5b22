using System.Diagnostics;

namespace Segmentation.Benchmarks.Live;

/// <summary>
/// How soon an event is a visible membership, and how late one ends that time ends. Of an open loop's requests, up to 100 a second have, among events of other
/// customers, one of a profile made for it, a probe: it enters <c>probes</c> for good and <c>fresh-probes</c> for ten seconds. Redis is asked for it again and again
/// until it answers, timed from the instant at which the request was to be sent.
/// </summary>
internal sealed class Freshness(LiveClient client, MembershipWatch watch, LiveEvents events, SegmentKeys probes, SegmentKeys? freshProbes)
{
    /// <summary>What the window of <c>fresh-probes</c> says.</summary>
    private const long StayMs = 10_000;

    /// <summary>From the intended instant of sending until the membership is visible.</summary>
    public Latencies Entered { get; } = new();

    /// <summary>From the instant at which the window ends until the membership is gone.</summary>
    public Latencies Left { get; } = new();

    /// <summary>Sends so many events per second for a while.</summary>
    /// <param name="eventsPerSecond">How many.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="profiles">Of how many customers.</param>
    /// <param name="eventsPerRequest">How many events one request has; null for as many as there are to be in at most 100 requests per second.</param>
    public async Task RunAsync(double eventsPerSecond, TimeSpan duration, int profiles, int? eventsPerRequest = null)
    {
        var requestsPerSecond = eventsPerRequest is { } wanted ? eventsPerSecond / wanted : Math.Clamp(eventsPerSecond / 10, 10, 100);
        var size = (int)Math.Round(eventsPerSecond / requestsPerSecond);
        var count = (int)(duration.TotalSeconds * requestsPerSecond);
        var requestsPerProbe = (int)Math.Ceiling(requestsPerSecond / 100);
        var names = Enumerable.Range(0, count).Select(i => i % requestsPerProbe == 0 ? events.NewProbe() : null).ToArray();

        // Made before they are sent: what makes them would compete.
        var bodies = Array.ConvertAll(names, name => events.Shop(name is null ? size : size - 1, profiles, LiveEvents.Later, name));
        await OpenLoop.RunAsync(count, requestsPerSecond, async (i, atMs, at) =>
        {
            LiveEvents.SetInstant(bodies[i], atMs);
            var seen = names[i] is { } probe ? SeenAsync(probe, at) : Task.CompletedTask;
            await client.SendAsync(bodies[i]);
            bodies[i] = [];
            await seen;
        });
    }

    /// <summary>Sends so many events per second until it is told that it is enough, a second's worth at a time, whether the second before is visible or not.</summary>
    public async Task RunUntilAsync(Func<bool> enough, double eventsPerSecond, int profiles)
    {
        var seconds = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        do
        {
            seconds.Add(RunAsync(eventsPerSecond, TimeSpan.FromSeconds(1), profiles));
            await timer.WaitForNextTickAsync();
        }
        while (!enough() && !seconds.Exists(second => second.IsFaulted));
        await Task.WhenAll(seconds);
    }

    private async Task SeenAsync(string probe, long at)
    {
        Entered.Add(await watch.UntilAsync(probes.Of(probe), probe, isMember: true, at, from: at));
        if (freshProbes is not null) await GoneAsync(freshProbes, probe, at + (StayMs * Stopwatch.Frequency / 1000));
    }

    private async Task GoneAsync(SegmentKeys segment, string probe, long at)
    {
        var late = await watch.UntilAsync(segment.Of(probe), probe, isMember: false, at, from: at - (Stopwatch.Frequency / 1000));
        if (late < 0) throw new InvalidOperationException($"{probe} left before its time.");
        Left.Add(late);
    }
}
