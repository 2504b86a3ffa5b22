namespace Segmentation.Resources;

/// <summary>Turns events in an order into the engine's rule.</summary>
internal static class SequenceCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Compile(SequenceConditionSpec spec, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        var before = problems.Count;
        if (spec.Steps.Count is < SequenceConditionSpec.StepsMin or > SequenceConditionSpec.StepsMax)
        {
            problems.Invalid(
                path + ".steps", $"takes {SequenceConditionSpec.StepsMin} to {SequenceConditionSpec.StepsMax} steps; there are {spec.Steps.Count}");
        }

        var steps = new List<SequenceStep>();
        for (var i = 0; i < Math.Min(spec.Steps.Count, SequenceConditionSpec.StepsMax); i++)
        {
            if (Step(spec.Steps, i, $"{path}.steps[{i}]", scope) is { } step)
                steps.Add(step);
        }

        var completedWithin = spec.CompletedWithin is null ? null : problems.Duration(spec.CompletedWithin, path + ".completedWithin");
        var timeframe = TimeframeCompiler.Compile(spec, path, scope);
        return problems.Count == before ? new SequenceRule(steps, completedWithin, timeframe!) : null;
    }

    private static SequenceStep? Step(IReadOnlyList<SequenceStepSpec> steps, int index, string path, SegmentScope scope)
    {
        var (spec, problems) = (steps[index], scope.Problems);
        var before = problems.Count;
        var isAbsent = spec.Absent == true;
        var selection = SelectionCompiler.Compile(spec.Event, path + ".event", spec.Where, path + ".where", scope);
        var within = spec.Within is null ? null : problems.Duration(spec.Within, path + ".within");
        if (index == 0 && isAbsent)
            problems.Invalid(path + ".absent", "the first step is what the others follow; begin with an event that happened, or ask for count: {eq: 0}");
        if (index == 0 && spec.Within is not null)
            problems.Invalid(path + ".within", "there is no step before the first; put it on the next step, or at the sequence itself as its timeframe");
        if (index > 0 && index < steps.Count - 1 && isAbsent && spec.Within is not null)
            problems.Invalid(path + ".within", "an absent step that is not the last one lasts until the next; put within on that one");
        return problems.Count == before ? new SequenceStep(selection!, within, isAbsent) : null;
    }
}
