using System.Globalization;

namespace Segmentation;

/// <summary>What an event rule found, in words.</summary>
internal static class EventFinding
{
    public const string NoTimeframe = "the timeframe does not begin for this profile";

    public const string NeverHappened = "it never happened";

    public static string Of(EventRule rule, Evaluation e)
    {
        if (rule.Timeframe.For(e) is not { } frame)
            return NoTimeframe;
        if (e.Profile.History(rule.Selection.EventName) is not { } history)
            return $"{Found(rule, null, [], e.InstantMs)}; {NeverHappened}";
        var (start, end) = history.Range(frame.FromMs(e.InstantMs), frame.UntilMs(e.InstantMs));
        List<int> counted = [.. Enumerable.Range(start, end - start).Where(i => rule.Selection.Counts(history, i, e.InstantMs))];
        var leavesAt = counted.Count == 0 ? Verdict.Never : frame.LeavesAt(history.TimeAt(counted[0]));
        var leaves = leavesAt == Verdict.Never ? "" : $"; the oldest counted one leaves at {Rfc3339.Format(leavesAt)}";
        var entersAt = NextEntry(rule, frame, history, end);
        var enters = entersAt == Verdict.Never ? "" : $"; the next one counts from {Rfc3339.Format(entersAt)}";
        return Found(rule, history, counted, e.InstantMs) + leaves + enters;
    }

    private static string Found(EventRule rule, OccurrenceHistory? history, List<int> counted, long instantMs)
    {
        var those = string.Create(CultureInfo.InvariantCulture, $"{counted.Count} counted");
        if (rule.Aggregate == Aggregate.Count)
            return $"{Asked(rule, counted.Count)} counted";
        if (rule.Aggregate == Aggregate.Distinct)
            return $"{Asked(rule, Values(rule, history, counted, instantMs))} different values in {those}";
        List<(int Index, decimal Amount)> amounts =
            [.. counted.Select(i => (i, rule.Of.AmountAt(history!, i, instantMs))).Where(static one => one.Item2 is not null).Select(static one => (one.i, one.Item2!.Value))];
        if (amounts.Count == 0)
            return rule.Aggregate == Aggregate.Sum ? $"sum 0 of {those}" : $"no value in {those}";
        return rule.Aggregate switch
        {
            Aggregate.Sum => $"sum {Text(amounts.Sum(static one => one.Amount))} of {those}",
            Aggregate.Average => $"average {Text(Math.Round(amounts.Sum(static one => one.Amount) / amounts.Count, 6))} of {those}",
            Aggregate.Minimum => $"smallest {Text(amounts.Min(static one => one.Amount))} of {those}",
            Aggregate.Maximum => $"largest {Text(amounts.Max(static one => one.Amount))} of {those}",
            Aggregate.First => $"first {Text(amounts[0].Amount)} at {Rfc3339.Format(history!.TimeAt(amounts[0].Index))}, {those}",
            _ => $"last {Text(amounts[^1].Amount)} at {Rfc3339.Format(history!.TimeAt(amounts[^1].Index))}, {those}",
        };
    }

    // Such as "2 of 3" on the way to a number that is asked for, otherwise "2".
    private static string Asked(EventRule rule, int found)
    {
        var text = found.ToString(CultureInfo.InvariantCulture);
        return rule.Comparison.Operator == ComparisonOperator.Gte && found <= rule.Comparison.Operand ? $"{text} of {Text(rule.Comparison.Operand)}" : text;
    }

    private static int Values(EventRule rule, OccurrenceHistory? history, List<int> counted, long instantMs)
    {
        var values = new HashSet<PropertyValue>();
        foreach (var i in counted)
        {
            if (!rule.Of.TryValueAt(history!, i, instantMs, out var value))
                continue;
            if (value.Kind != PropertyKind.TextList)
                values.Add(value);
            foreach (var text in value.ListedTexts)
                values.Add(text);
        }

        return values.Count;
    }

    // When the first occurrence enters that is to come, or that happened and is not in the timeframe yet.
    private static long NextEntry(EventRule rule, PlainTimeframe frame, OccurrenceHistory history, int end)
    {
        for (var i = end; i < history.Count; i++)
        {
            var at = frame.EntersAt(history.TimeAt(i));
            if (at < frame.LeavesAt(history.TimeAt(i)) && rule.Selection.Counts(history, i, at))
                return at;
        }

        return Verdict.Never;
    }

    private static string Text(decimal number) => JsonDecimal.Canonical(number).ToString(CultureInfo.InvariantCulture);
}
