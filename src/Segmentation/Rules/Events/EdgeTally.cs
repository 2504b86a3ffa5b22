namespace Segmentation;

/// <summary>
/// The amount of the first or the last occurrence that has one. What is gone is not looked for when it goes but when it stands at the edge:
/// an occurrence that has left or was taken back never comes again.
/// </summary>
internal struct EdgeTally(EventRule rule, OccurrenceHistory history, List<int> withAmount) : IWindowTally
{
    private int first;

    public readonly void Add(int index, long atMs)
    {
        var isNew = withAmount.Count == 0 || withAmount[^1] < index;
        if (isNew && rule.Of.AmountAt(history, index, atMs) is not null && rule.Selection.Selects(history, index))
            withAmount.Add(index);
    }

    public readonly void Remove(int index, long atMs)
    {
        // It is passed over as soon as it stands at the edge.
    }

    public bool Holds(long atMs, int oldest) =>
        (rule.Aggregate == Aggregate.First ? First(atMs, oldest) : Last(atMs, oldest)) is { } amount && rule.Comparison.Holds(amount);

    private decimal? First(long atMs, int oldest)
    {
        for (; first < withAmount.Count; first++)
        {
            if (Amount(withAmount[first], atMs, oldest) is { } amount)
                return amount;
        }

        return null;
    }

    private readonly decimal? Last(long atMs, int oldest)
    {
        for (; withAmount.Count > 0; withAmount.RemoveAt(withAmount.Count - 1))
        {
            if (Amount(withAmount[^1], atMs, oldest) is { } amount)
                return amount;
        }

        return null;
    }

    private readonly decimal? Amount(int index, long atMs, int oldest) => index < oldest ? null : rule.Of.AmountAt(history, index, atMs);
}
