namespace Segmentation.Operator.Tests.Simulation;

/// <summary>What becomes of commands and answers on their way, by chance.</summary>
/// <param name="share">The share of them that something happens to.</param>
/// <param name="note">Gets what has happened.</param>
internal sealed class SimulatedFaults(SimulatedNetwork network, Random random, double share, Action<string> note)
{
    /// <param name="step">The present one, by which processes are asleep or not.</param>
    public void MoveOne(int step)
    {
        var operation = network.Pending[random.Next(2) == 0 ? 0 : random.Next(network.Pending.Count)];
        if (random.NextDouble() < share)
        {
            Harm(operation);
        }
        else if (operation.Job.Process.AsleepUntil > step || random.Next(5) == 0)
        {
            if (operation.IsExecuted) return;
            note($"execute {operation.Job}: {operation.What}");
            network.Execute(operation);
        }
        else
        {
            Answer(operation);
        }
    }

    // What was asked at once is often answered at once.
    private void Answer(Operation operation)
    {
        var all = random.Next(2) == 0 ? [operation] : network.Pending.Where(other => other.Job == operation.Job).ToArray();
        note($"answer {operation.Job}: {operation.What} {all.Length}");
        foreach (var one in all) network.Answer(one);
    }

    private void Harm(Operation operation)
    {
        var kind = random.Next(5);
        note($"harm {kind} {operation.Job}: {operation.What}");
        switch (kind)
        {
            case 0: // lost on its way
                network.Fail(operation, new TimeoutException(), mayBeLate: false);
                break;
            case 1: // its answer is lost
                if (!operation.IsExecuted) network.Execute(operation);
                network.Fail(operation, new TimeoutException(), mayBeLate: false);
                break;
            case 2: // comes when nobody waits for it any more
                network.Fail(operation, new TimeoutException(), mayBeLate: true);
                break;
            case 3: // comes twice
                network.Execute(operation);
                network.Execute(operation);
                break;
            default: // the connection breaks
                foreach (var other in network.Pending.Where(other => other.Job.Process == operation.Job.Process).ToArray())
                    network.Fail(other, new TimeoutException(), mayBeLate: random.Next(2) == 0);
                break;
        }
    }

    /// <summary>One that nobody waits for any more is executed, or is not any more.</summary>
    public void ExecuteLate()
    {
        var operation = network.Late[random.Next(network.Late.Count)];
        network.Late.Remove(operation);
        var isDropped = random.Next(4) == 0;
        note($"{(isDropped ? "drop" : "late")} {operation.Job}: {operation.What}");
        if (!isDropped) network.Execute(operation);
    }
}
