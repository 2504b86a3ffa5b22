using Kubernetes.Tests.Server;
using Kubernetes.Tests.Time;

namespace Kubernetes.Tests.Hosting;

/// <summary>Changes objects and breaks connections by chance. No name comes twice, except while its object is going.</summary>
internal sealed class Trouble(Random random, FakeApiServer server)
{
    private const int ObjectsAtOnce = 8;
    private static readonly int[] Refusals = [409, 410, 429, 500, 503, 504];

    private readonly Lock _lock = new();
    private readonly List<string> _names = [];
    private volatile bool _stopped;

    /// <summary>Objects made so far.</summary>
    public int Created { get; private set; }

    /// <summary>Makes trouble for some steps of 0 to 7 s each, and then none any more.</summary>
    public async Task RunAsync(RunningRuntime runtime, int steps)
    {
        _stopped = false;
        server.Fault = RefuseSometimesAsync;
        for (var step = 0; step < steps; step++)
        {
            ChangeSomething();
            BreakSomething();
            runtime.Time.Advance(TimeSpan.FromSeconds(random.Next(8)));
            await Wait.BrieflyAsync(() => false);
        }

        _stopped = true;
        server.Watches.Silent = false;
        server.Watches.BreakAll();
    }

    private void ChangeSomething()
    {
        _names.RemoveAll(name => server.Widget(name) is null);
        switch (random.Next(4))
        {
            case 0 when _names.Count < ObjectsAtOnce:
                _names.Add($"w{Created++}");
                server.AddWidget(_names[^1], random.Next(100));
                break;
            case 1 when _names.Count > 0:
                server.DeleteWidget(_names[random.Next(_names.Count)]);
                break;
            default:
                if (_names.Count > 0)
                    server.ChangeWidget(_names[random.Next(_names.Count)], widget => widget["spec"]!["size"] = random.Next(100));
                break;
        }
    }

    private void BreakSomething()
    {
        server.Watches.Silent = random.Next(10) == 0;
        switch (random.Next(12))
        {
            case 0:
                server.Watches.BreakAll();
                break;
            case 1:
                server.Watches.EndAll();
                break;
            case 2:
                server.Watches.FailAll(Refusals[random.Next(Refusals.Length)], "Random");
                break;
            case 3:
                server.Store.Compact();
                break;
        }
    }

    private async Task<bool> RefuseSometimesAsync(ReceivedRequest request, Microsoft.AspNetCore.Http.HttpContext context)
    {
        int? code;
        lock (_lock)
            code = !_stopped && random.Next(4) == 0 ? Refusals[random.Next(Refusals.Length)] : null;
        if (code is not { } refusal)
            return false;
        await FakeApiServer.RefuseAsync(context, refusal, "Random");
        return true;
    }
}
