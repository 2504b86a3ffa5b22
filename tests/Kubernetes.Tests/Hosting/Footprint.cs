using Kubernetes.Tests.Server;

namespace Kubernetes.Tests.Hosting;

/// <summary>What a runtime at rest holds: what a leak would make grow.</summary>
/// <param name="Timers">Timers that are set: delays, deadlines, alarms.</param>
/// <param name="Watches">Watches that the server is serving to it.</param>
/// <param name="Megabytes">Of managed memory, the test's own included.</param>
internal sealed record Footprint(int Timers, int Watches, double Megabytes)
{
    // Noise of a run's own buffers; the objects of one phase alone come to about as much.
    private const double MegabytesOfNoise = 3;
    private const int TimersOfNoise = 4;

    /// <summary>After letting go of what the test itself has recorded.</summary>
    public static async Task<Footprint> OfAsync(FakeApiServer server, RunningRuntime runtime)
    {
        await runtime.Time.AdvanceUntilAsync(() => server.Watches.Count == 1, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        server.Requests.Clear();
        server.Store.Compact();
        server.Watches.EndAll(); // it goes on after the compaction, or its next change would be too old
        await runtime.Time.AdvanceUntilAsync(() => server.Requests.Any(request => request.IsWatch) && server.Watches.Count == 1, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        runtime.Controller.Reconciled.Clear();
        runtime.Controller.Deleted.Clear();
        runtime.Controller.Finalized.Clear();
        server.Requests.Clear();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new(runtime.Time.SetTimers, server.Watches.Count, GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes / 1e6);
    }

    public void ShouldHold(Footprint later)
    {
        later.Watches.ShouldBe(Watches);
        later.Timers.ShouldBeLessThanOrEqualTo(Timers + TimersOfNoise);
        later.Megabytes.ShouldBeLessThan(Megabytes + MegabytesOfNoise);
    }
}
