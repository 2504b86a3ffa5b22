using Segmentation.Cli.Import;
using Segmentation.Cli.Reading;

namespace Segmentation.Cli.Offline;

/// <summary>The profiles of a few files, in memory, as the operator would know them at one instant.</summary>
internal sealed class OfflineProfiles(long asOfMs)
{
    private readonly Dictionary<string, Profile> _profiles = [];
    private readonly OccurrenceMemory _memory = new();
    private readonly List<string> _problems = [];

    public IReadOnlyCollection<Profile> All => _profiles.Values;

    /// <summary>Events that count at the instant; the same id counts once for a profile.</summary>
    public long Events { get; private set; }

    /// <summary>Rows that could not be read, of all files.</summary>
    public long Rejected { get; private set; }

    /// <summary>What is wrong with the first of them, each with its file and line.</summary>
    public IReadOnlyList<string> FirstProblems => _problems;

    /// <summary>Adds the events up to the instant, itself included; later ones have not happened yet.</summary>
    public void AddEvents(string file, EventSource source, Action<Position> read, CancellationToken cancellation)
    {
        while (source.TryRead(out EventRow row))
        {
            if (row.End.Row % 1000 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                read(row.End);
            }
            EventError error = default;
            if (row.Problem is not null || !EventJson.TryRead(row.Json.Span, EventLimits.None, out CustomerEvent? customerEvent, out error, out _))
                Reject(file, row.Line, row.Problem ?? error.ToString());
            else if (customerEvent.OccurredAtMs <= asOfMs && Get(customerEvent.ProfileId).Add(customerEvent))
                Events++;
        }
    }

    /// <summary>
    /// Sets the properties, consent and suppression of profiles; the last line of a profile stays. When properties changed is not known, so
    /// they have been so for ever; consent that came after the instant has not been given or withdrawn yet.
    /// </summary>
    public void AddProperties(string file, Stream stream, CancellationToken cancellation)
    {
        var lines = new LineReader(stream, Position.Start);
        while (lines.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            ProfileLine line = ProfileLine.Of(lines);
            if (line.Problem is not null)
                Reject(file, line.Line, line.Problem);
            else if (!ProfileUpdateJson.TryRead(line.Body.Span, Rfc3339.LatestMs, out ProfileUpdate? update, out string? error))
                Reject(file, line.Line, error);
            else
                Apply(update, Get(line.Id));
        }
    }

    private void Apply(ProfileUpdate update, Profile profile)
    {
        if (update.Properties is { } properties)
            profile.Properties = ProfileFacts.WithFactsOf(properties, profile.Properties);
        foreach (FactStatement fact in update.Facts)
        {
            if (fact.SinceMs is null || fact.SinceMs <= asOfMs)
                profile.State(fact, atMs: 0);
        }
    }

    private Profile Get(string id)
    {
        if (!_profiles.TryGetValue(id, out Profile? profile))
            _profiles.Add(id, profile = new Profile(id, _memory));
        return profile;
    }

    private void Reject(string file, long line, string reason)
    {
        Rejected++;
        if (_problems.Count < RejectedRows.Shown)
            _problems.Add($"{file} line {line}: {reason}");
    }
}
