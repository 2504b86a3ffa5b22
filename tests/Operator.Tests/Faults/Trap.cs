namespace Segmentation.Operator.Tests.Faults;

/// <summary>When a trap springs.</summary>
internal enum Moment
{
    /// <summary>The command does not reach Redis.</summary>
    Before,

    /// <summary>The command was sent; Redis may or may not carry it out.</summary>
    During,

    /// <summary>Redis has carried the command out and answered; the answer does not get through.</summary>
    After,
}

/// <summary>Waits in a <see cref="RedisProxy"/> for the n-th command of a kind, and strikes.</summary>
internal sealed class Trap(Func<RedisCommand, bool> which, int nth, Moment moment, Func<Task> strike)
{
    private readonly TaskCompletionSource _sprung = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = nth;

    public Moment Moment => moment;

    /// <summary>Ends when it has struck and every connection is gone.</summary>
    public Task Sprung => _sprung.Task;

    public bool IsMetBy(RedisCommand command) => which(command) && Interlocked.Decrement(ref _left) == 0;

    public async Task SpringAsync(Action cut)
    {
        try
        {
            await strike();
            cut();
            _sprung.SetResult();
        }
        catch (Exception e)
        {
            _sprung.SetException(e);
        }
    }
}
