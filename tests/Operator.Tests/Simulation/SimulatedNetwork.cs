using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Simulation;

/// <summary>
/// Between the processes and the store: what is asked waits here until the simulation says what becomes of it. Whoever is answered goes on at once, on
/// the same thread, until it waits for the next answer.
/// </summary>
internal sealed class SimulatedNetwork : ISimulatedLink
{
    /// <summary>Asked and not answered, in the order asked.</summary>
    public List<Operation> Pending { get; } = [];

    /// <summary>Given up by those who asked, and not executed so far: it may still be.</summary>
    public List<Operation> Late { get; } = [];

    /// <summary>Who is at work now.</summary>
    public Job? Current { get; private set; }

    /// <summary>What the store executes now.</summary>
    public Operation? Executing { get; private set; }

    /// <summary>Whether everything is answered at once.</summary>
    public bool IsCalm { get; private set; }

    public Task<T> AskAsync<T>(string what, Func<T> execute)
    {
        if (IsCalm) return Task.FromResult(execute());
        var operation = new Operation<T>(Current ?? throw new InvalidOperationException($"Nobody asked {what}."), what, execute);
        Pending.Add(operation);
        return operation.Answer;
    }

    public void Execute(Operation operation)
    {
        Executing = operation;
        operation.Execute();
        Executing = null;
    }

    /// <summary>Does something with everything answered at once.</summary>
    public T Calmly<T>(Func<Task<T>> work)
    {
        var wasCalm = IsCalm;
        IsCalm = true;
        var task = work();
        task.IsCompleted.ShouldBeTrue("there is nothing to wait for but the store");
        IsCalm = wasCalm;
        return task.GetAwaiter().GetResult();
    }

    public void Calmly(Func<Task> work) => Calmly(async () =>
    {
        await work();
        return true;
    });

    /// <summary>Lets a process that is awake begin something, unless it is at it already.</summary>
    /// <returns>Whether it has begun.</returns>
    public bool Begin(SimulatedProcess process, string what, Func<Job, Task> work)
    {
        if (!process.Busy.Add(what)) return false;
        var job = new Job(process, what);
        Work(job, () => job.Task = work(job));
        return true;
    }

    public void Answer(Operation operation)
    {
        Pending.Remove(operation);
        if (!operation.IsExecuted) Execute(operation);
        Work(operation.Job, operation.GiveAnswer);
    }

    /// <summary>Whoever asked hears of no answer.</summary>
    /// <param name="mayBeLate">Whether it may be executed later, if it was not so far.</param>
    public void Fail(Operation operation, Exception error, bool mayBeLate)
    {
        Pending.Remove(operation);
        if (mayBeLate && !operation.IsExecuted) Late.Add(operation);
        Work(operation.Job, () => operation.GiveUp(error));
    }

    /// <summary>A process is no more: what it has asked may still be executed, and nobody waits for the answers.</summary>
    public void Forget(SimulatedProcess process)
    {
        Late.AddRange(Pending.Where(operation => operation.Job.Process == process && !operation.IsExecuted));
        Pending.RemoveAll(operation => operation.Job.Process == process);
    }

    // Only this may be the end of it: that nothing is known of what was asked.
    private void Work(Job job, Action work)
    {
        Current = job;
        work();
        Current = null;
        if (!job.Task.IsCompleted) return;
        job.Process.Busy.Remove(job.Name);
        if (job.Task.Exception?.InnerException is { } error and not StoreUnavailableException) throw new InvalidOperationException($"{job} failed: {error.Message}", error);
    }
}

/// <summary>A command on its way.</summary>
internal abstract class Operation(Job job, string what)
{
    public Job Job { get; } = job;

    /// <summary>What the job was sending when it asked this.</summary>
    public object? Content { get; } = job.Content;

    public string What { get; } = what;

    public bool IsExecuted { get; protected set; }

    public abstract void Execute();

    public abstract void GiveAnswer();

    public abstract void GiveUp(Exception error);
}

/// <remarks>Executed more than once, it is answered with the first answer.</remarks>
internal sealed class Operation<T>(Job job, string what, Func<T> execute) : Operation(job, what)
{
    private readonly TaskCompletionSource<T> _answer = new();
    private T _result = default!;

    public Task<T> Answer => _answer.Task;

    public override void Execute()
    {
        var result = execute();
        if (!IsExecuted) _result = result;
        IsExecuted = true;
    }

    public override void GiveAnswer() => _answer.SetResult(_result);

    public override void GiveUp(Exception error) => _answer.SetException(error);
}

/// <summary>A process that may sleep, and end at any point.</summary>
internal sealed class SimulatedProcess(string name)
{
    public string Name { get; } = name;

    /// <summary>The step at which it goes on.</summary>
    public int AsleepUntil { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>What it does, nothing of it twice at once.</summary>
    public HashSet<string> Busy { get; } = [];
}

/// <summary>Something that a process does.</summary>
internal sealed class Job(SimulatedProcess process, string name)
{
    public SimulatedProcess Process { get; } = process;

    public string Name { get; } = name;

    public Task Task { get; set; } = Task.CompletedTask;

    /// <summary>What it is sending now.</summary>
    public object? Content { get; set; }

    /// <summary>How often the store has taken what it sent.</summary>
    public int Taken { get; set; }

    public override string ToString() => $"{Process.Name} {Name}";
}
