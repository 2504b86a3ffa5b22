namespace Segmentation.Resources;

/// <summary>Collects the problems of one spec; the first <see cref="Max"/> are kept, for a person mends a few at a time.</summary>
internal sealed class ProblemList
{
    public const int Max = 20;

    private readonly List<SpecProblem> problems = [];

    /// <summary>How many were reported, kept or not.</summary>
    public int Count { get; private set; }

    public void Add(SpecProblem problem)
    {
        Count++;
        if (problems.Count < Max)
            problems.Add(problem);
    }

    public void Add(string reason, string path, string message) => Add(new SpecProblem(reason, path, message));

    public void Invalid(string path, string message) => Add(ProblemReasons.InvalidSpec, path, message);

    /// <summary>Reports an absent or empty required text.</summary>
    public bool RequireText(string? text, string path, string example)
    {
        if (!string.IsNullOrEmpty(text))
            return true;
        Invalid(path, $"is required, such as {example}");
        return false;
    }

    /// <summary>The duration in milliseconds within the bounds, both inclusive; null after reporting a problem.</summary>
    public long? Duration(string? text, string path, long minimumMs = 1, long maximumMs = DurationText.MaxMs)
    {
        if (!DurationText.TryParse(text, out var ms, out var error))
            Invalid(path, error);
        else if (ms < minimumMs)
            Invalid(path, $"{text} is shorter than {DurationText.Format(minimumMs)}, the shortest allowed here");
        else if (ms > maximumMs)
            Invalid(path, $"{text} is longer than {DurationText.Format(maximumMs)}, the longest allowed here");
        else
            return ms;
        return null;
    }

    /// <summary>
    /// Whether the number survives its way through the API server, which keeps numbers as 64-bit floating point: at most 15 significant
    /// digits and no further than 10¹² from 0.
    /// </summary>
    public bool Number(decimal number, string path)
    {
        if (number is < -EventJson.MaxValue or > EventJson.MaxValue)
            Invalid(path, $"{number} is out of range; numbers go from -1000000000000 to 1000000000000");
        else if (ExactNumber.SignificantDigits(number) > ExactNumber.MaxSignificantDigits)
            Invalid(path, $"{number} has more than {ExactNumber.MaxSignificantDigits} significant digits, more than Kubernetes keeps; round it");
        else
            return true;
        return false;
    }

    public IReadOnlyList<SpecProblem> ToList() => problems;
}
