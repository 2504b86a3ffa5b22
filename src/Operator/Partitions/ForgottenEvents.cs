using System.Collections.Concurrent;
using System.Globalization;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Up to when one partition has forgotten events for their age, by name; kept in the owner hash. A definition that reaches further back than that
/// does not see all. Written by the partition's turn, read by status writers.
/// </summary>
internal sealed class ForgottenEvents
{
    private readonly ConcurrentDictionary<string, long> _beforeMs = new(StringComparer.Ordinal);

    /// <summary>Starts from what the owner hash holds.</summary>
    public void Load(IReadOnlyDictionary<string, string> fields)
    {
        _beforeMs.Clear();
        foreach (var (name, text) in fields) _beforeMs[name] = long.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>By event name the time before which, exclusive, in milliseconds since the Unix epoch, events may be missing.</summary>
    public IReadOnlyDictionary<string, long> BeforeMs => _beforeMs;

    public void Note(Forgotten forgotten, CommitBatch batch)
    {
        if (forgotten.BeforeMs <= _beforeMs.GetValueOrDefault(forgotten.Name)) return;
        _beforeMs[forgotten.Name] = forgotten.BeforeMs;
        batch.SetOwnerField(OwnerState.ForgottenPrefix + forgotten.Name, forgotten.BeforeMs.ToString(CultureInfo.InvariantCulture));
    }
}
