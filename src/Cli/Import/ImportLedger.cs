using Segmentation.Cli.Output;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Import;

/// <summary>Counts what is acknowledged, and keeps the journal on disk close behind it. Called by one thread at a time.</summary>
internal sealed class ImportLedger : IDisposable
{
    private static readonly TimeSpan _saveEvery = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly TextWriter _messages;
    private readonly RejectedRows _rejects;
    private readonly long _started;
    private readonly long _acceptedBefore;
    private string? _path;
    private ImportJournal _journal;
    private long? _saved;

    private ImportLedger(Terminal terminal, string? path, ImportJournal journal, RejectedRows rejects)
    {
        TimeProvider time = terminal.Time;
        _time = time;
        _messages = terminal.Error;
        _path = path;
        _journal = journal;
        _rejects = rejects;
        _acceptedBefore = journal.Accepted;
        _started = time.GetTimestamp();
        ResumedBehindLine = journal.Acknowledged == Position.Start ? null : journal.Acknowledged.Line;
    }

    /// <summary>Everything before this place is durable or rejected.</summary>
    public Position Acknowledged => _journal.Acknowledged;

    public long? ResumedBehindLine { get; }

    /// <summary>Whether an import that stops now can be taken up by the next one.</summary>
    public bool CanResume => _path is not null;

    /// <summary>Takes up an interrupted import, or begins a new one.</summary>
    /// <param name="settings">What is imported.</param>
    /// <param name="terminal">Hears why an earlier import is not taken up.</param>
    public static ImportLedger Open(ImportSettings settings, Terminal terminal)
    {
        if (settings.File.IsStandardInput)
            return new ImportLedger(terminal, null, Unsaved(), new RejectedRows(settings.RejectsPath, 0));
        string path = settings.File.Path;
        ImportJournal journal = ImportJournal.New(path, settings.Fingerprint());
        ImportJournal? earlier = settings.Restart ? null : ImportJournal.Load(path);
        if (earlier is not null && earlier.Continues(journal))
            journal = earlier;
        else if (earlier is not null)
            terminal.Error.WriteLine($"{path} or the options changed since the interrupted import: starting at the beginning");
        return new ImportLedger(terminal, path, journal, new RejectedRows(settings.RejectsPath, journal.RejectsBytes));
    }

    public void Advance(BatchOutcome outcome)
    {
        foreach (RejectedRow row in outcome.Rejected)
            _rejects.Add(row);
        _journal = _journal with
        {
            Acknowledged = outcome.End,
            Accepted = _journal.Accepted + outcome.Accepted,
            Rejected = _journal.Rejected + outcome.Rejected.Count,
            IgnoredFields = _journal.IgnoredFields + outcome.IgnoredFields,
            RejectsBytes = _rejects.FileBytes,
        };
        if (_saved is not { } saved || _time.GetElapsedTime(saved) >= _saveEvery)
            Save();
    }

    /// <summary>Leaves the journal for the next run; to be called when this one could not finish.</summary>
    public void Save()
    {
        _saved = _time.GetTimestamp();
        _rejects.Flush();
        if (_path is null || Acknowledged == Position.Start)
            return;
        try
        {
            _journal.Save(_path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _messages.WriteLine($"this import cannot be resumed if interrupted: {failure.Message}");
            _path = null;
        }
    }

    /// <summary>Removes the journal: the file is imported to its end.</summary>
    public void Finish()
    {
        _rejects.Flush();
        if (_path is not null)
            ImportJournal.Delete(_path);
    }

    public string Rate() => Meter.Rate(_journal.Accepted - _acceptedBefore, _time.GetElapsedTime(_started), "events");

    public ImportSummary Summary() => new(
        _journal.Accepted,
        _journal.Rejected,
        _journal.IgnoredFields,
        _journal.Accepted - _acceptedBefore,
        _time.GetElapsedTime(_started),
        ResumedBehindLine,
        _rejects.First);

    public void Dispose() => _rejects.Dispose();

    private static ImportJournal Unsaved() => new(string.Empty, string.Empty, Position.Start, 0, 0, 0, 0);
}
