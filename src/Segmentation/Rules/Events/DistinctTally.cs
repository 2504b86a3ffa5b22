using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>How many different values there are, from how often there is each.</summary>
internal readonly struct DistinctTally(EventRule rule, OccurrenceHistory history, Dictionary<PropertyValue, int> counts) : IWindowTally
{
    public void Add(int index, long atMs) => Change(index, atMs, 1);

    public void Remove(int index, long atMs) => Change(index, atMs, -1);

    public bool Holds(long atMs, int oldest) => rule.Comparison.Holds(counts.Count);

    private void Change(int index, long atMs, int by)
    {
        if (!rule.Of.TryValueAt(history, index, atMs, out var value) || !rule.Selection.Selects(history, index))
            return;
        if (value.Kind != PropertyKind.TextList)
        {
            Change(value, by);
            return;
        }

        foreach (var text in value.ListedTexts)
            Change(text, by);
    }

    private void Change(PropertyValue value, int by)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, value, out _);
        count += by;
        if (count == 0)
            counts.Remove(value);
    }
}
