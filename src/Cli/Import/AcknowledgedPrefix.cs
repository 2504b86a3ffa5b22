namespace Segmentation.Cli.Import;

/// <summary>
/// Batches are answered in any order, but a file can only be resumed behind a place before which everything is answered. Hands the outcomes on in
/// the file's order, each as soon as all before it are there. Safe to call from several threads.
/// </summary>
internal sealed class AcknowledgedPrefix(Action<BatchOutcome> advance)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, BatchOutcome> _waiting = [];
    private long _next;

    public void Complete(BatchOutcome outcome)
    {
        lock (_lock)
        {
            _waiting.Add(outcome.Number, outcome);
            while (_waiting.Remove(_next, out BatchOutcome? next))
            {
                _next++;
                advance(next);
            }
        }
    }
}
