using System.Runtime.InteropServices;

namespace Segmentation;

internal readonly ref partial struct SettledWindow
{
    /// <summary>
    /// A value is there as long as its newest occurrence is in the window. So there are at least k different ones until that occurrence
    /// leaves with which, counted from the newest, there were k.
    /// </summary>
    private Verdict EvaluateDistinct()
    {
        var bounds = rule.CountBounds;
        var (least, tooMany) = (bounds.Least <= 0 ? end : -1, bounds.TooMany <= 0 ? end : -1);
        var values = e.ClearedValueCounts();
        var enough = bounds.TooMany ?? bounds.Least;
        for (var i = end - 1; i >= oldest && values.Count < enough; i--)
        {
            AddValues(i, values);
            if (least < 0 && values.Count >= bounds.Least)
                least = i;
            if (tooMany < 0 && values.Count >= bounds.TooMany)
                tooMany = i;
        }

        return AnswerCount(least, tooMany);
    }

    private void AddValues(int index, Dictionary<PropertyValue, int> values)
    {
        if (!rule.Of.TryValueAt(history, index, instantMs, out var value) || !rule.Selection.Selects(history, index))
            return;
        if (value.Kind != PropertyKind.TextList)
            CollectionsMarshal.GetValueRefOrAddDefault(values, value, out _) = 1;
        foreach (var text in value.ListedTexts)
            CollectionsMarshal.GetValueRefOrAddDefault(values, text, out _) = 1;
    }

    /// <summary>Once the newest amount has left there is none.</summary>
    private Verdict EvaluateLast()
    {
        for (var i = end - 1; i >= oldest; i--)
        {
            if (AmountAt(i) is not { } amount)
                continue;
            var matches = rule.Comparison.Holds(amount);
            return Answer(matches, matches ? LeavesAt(i) : Verdict.Never);
        }

        return Answer(false, Verdict.Never);
    }

    /// <summary>Each amount in turn is the first; those that leave together with an earlier one never are.</summary>
    private Verdict EvaluateFirst()
    {
        var matches = false;
        var same = -1;
        for (var i = oldest; i < end; i++)
        {
            if (AmountAt(i) is not { } amount)
                continue;
            var holds = rule.Comparison.Holds(amount);
            if (same < 0 || holds == matches)
                (same, matches) = (i, holds);
            else if (LeavesAt(i) > LeavesAt(same))
                return Answer(matches, LeavesAt(same));
            if (!frame.Moves)
                break;
        }

        return Answer(matches, matches ? LeavesAt(same) : Verdict.Never);
    }
}
