using System.Threading.Channels;
using Segmentation.Cli.Output;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Import;

/// <summary>
/// One run of an import: a reader makes batches, a few senders deliver them, and the ledger follows behind. Batches that are read but not yet
/// acknowledged in the file's order are bounded, so memory does not grow with the file.
/// </summary>
internal sealed class ImportRun : IDisposable
{
    private const int BatchesAheadPerSender = 4;

    private readonly ImportSettings _settings;
    private readonly Terminal _terminal;
    private readonly EventUpload _upload;
    private readonly ImportLedger _ledger;
    private readonly SemaphoreSlim _window;
    private readonly Channel<Batch> _batches;
    private readonly AcknowledgedPrefix _acknowledged;

    public ImportRun(ImportSettings settings, Terminal terminal, EventUpload upload, ImportLedger ledger, Meter meter)
    {
        _settings = settings;
        _terminal = terminal;
        _upload = upload;
        _ledger = ledger;
        _window = new SemaphoreSlim(settings.Parallel * BatchesAheadPerSender);
        _batches = Channel.CreateBounded<Batch>(new BoundedChannelOptions(settings.Parallel) { SingleWriter = true });
        _acknowledged = new AcknowledgedPrefix(outcome =>
        {
            _window.Release();
            ledger.Advance(outcome);
            meter.Report(outcome.End.Offset, ledger.Rate());
        });
    }

    /// <summary>Imports everything behind the ledger's place. However this ends, the ledger tells what is acknowledged.</summary>
    /// <exception cref="CliException">The file cannot be read to its end, or the server refuses or cannot be reached.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task reading = Task.Run(() => ReadAsync(stop.Token), CancellationToken.None);
        Task[] sending = [.. Enumerable.Range(0, _settings.Parallel).Select(_ => SendAsync(stop))];
        await FirstFailure.OfAllAsync([.. sending, reading]);
    }

    public void Dispose() => _window.Dispose();

    private async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            using EventSource source = _settings.File.Open(_terminal, _ledger.Acknowledged);
            long number = 0;
            for (Batch batch = ReadBatch(source, number); batch.RowCount > 0; batch = ReadBatch(source, ++number))
            {
                await _window.WaitAsync(stop);
                await _batches.Writer.WriteAsync(batch, stop);
            }
        }
        finally
        {
            // Also after a failure to read: what was read until there is still delivered.
            _batches.Writer.Complete();
        }
    }

    private Batch ReadBatch(EventSource source, long number)
    {
        var batch = new Batch(number);
        while (batch.RowCount < _settings.BatchEvents && batch.BodyBytes < ImportSettings.BatchBytes && source.TryRead(out EventRow row))
            batch.Add(row);
        return batch;
    }

    private async Task SendAsync(CancellationTokenSource stop)
    {
        try
        {
            await foreach (Batch batch in _batches.Reader.ReadAllAsync(stop.Token))
                _acknowledged.Complete(await _upload.SendAsync(batch, stop.Token));
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }
}
