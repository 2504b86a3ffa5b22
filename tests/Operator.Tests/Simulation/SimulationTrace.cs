namespace Segmentation.Operator.Tests.Simulation;

/// <summary>What happened in a simulation, step by step: its last steps, and a hash of all.</summary>
internal sealed class SimulationTrace
{
    private const int StepsKept = 60;

    private readonly Queue<string> _last = new();

    public ulong Hash { get; private set; } = 14695981039346656037;

    public void Add(string what)
    {
        foreach (var c in what) Hash = (Hash ^ c) * 1099511628211;
        _last.Enqueue(what);
        if (_last.Count > StepsKept) _last.Dequeue();
    }

    public override string ToString() => string.Join('\n', _last);
}
