using System.Text.Json;
using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-metric-funnel</c>: things done, or not done, in an order.</summary>
internal static class FunnelCondition
{
    private static readonly Dictionary<string, string> _windows = new(StringComparer.Ordinal)
    {
        ["HOURS_1"] = "1h",
        ["DAYS_1"] = "1d",
        ["DAYS_3"] = "3d",
        ["DAYS_5"] = "5d",
        ["WEEKS_1"] = "1w",
        ["DAYS_30"] = "30d",
        ["DAYS_90"] = "90d",
        ["DAYS_180"] = "180d",
        ["YEARS_1"] = "365d",
    };

    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        SequenceStepSpec[] steps = [.. condition.Objects("steps").Select(step => Step(step, scope))];
        string? window = Window(condition);
        SourceObject timeframe = condition.Object("timeframe_filter");
        if (steps.Length is 0 or > SequenceConditionSpec.StepsMax)
            throw condition.Lost("steps", $"{steps.Length} steps", $"not 1 to {SequenceConditionSpec.StepsMax}");
        if (steps[0].Absent == true)
        {
            throw new NotCarriedOverException(
                $"{condition.At("steps")}[0].metric_exists", "a first step that was not done", "a sequence starts with something that happened",
                "put that step into a condition of its own: event with count: {eq: 0}");
        }
        if (steps.Length == 1)
        {
            var once = new EventConditionSpec { Name = steps[0].Event, Where = steps[0].Where };
            EventFilters.Timeframe(timeframe, once, scope);
            return [new ConditionSpec { Event = once }];
        }
        var sequence = new SequenceConditionSpec { Steps = steps };
        EventFilters.Timeframe(timeframe, sequence, scope);
        Complete(sequence, window, condition, scope);
        return [new ConditionSpec { Sequence = sequence }];
    }

    private static SequenceStepSpec Step(SourceObject step, ImportScope scope) => new()
    {
        Event = scope.EventName(step, "metric_id"),
        Where = EventFilters.Where(step.Objects("metric_filters"), scope),
        Absent = step.Flag("metric_exists") ? null : true,
    };

    private static void Complete(SequenceConditionSpec sequence, string? window, SourceObject condition, ImportScope scope)
    {
        int present = sequence.Steps.Count(step => step.Absent is null);
        sequence.CompletedWithin = present > 1 ? window : null;
        SequenceStepSpec last = sequence.Steps[^1];
        if (last.Absent is null)
            return;
        // With one thing done, the window starts with it, as the time of a last step that was not done does.
        last.Within = present == 1 && sequence.Steps.Count == 2 ? window : null;
        scope.Check(
            condition.At("steps"), "a last step that was not done",
            last.Within is null ? "it holds as soon as the step before was done, until this one is" : $"it holds once {window} have passed without it",
            "compare the members with Klaviyo's");
    }

    private static string? Window(SourceObject condition)
    {
        const string field = "completion_window_seconds";
        if (condition.Raw(field) is not { } json)
            return null;
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out long seconds) && seconds is > 0 and <= DurationText.MaxMs / 1000)
            return DurationText.Format(seconds * 1000);
        string name = condition.Text(field);
        return _windows.GetValueOrDefault(name) ?? throw condition.NotKnown(field, name);
    }
}
