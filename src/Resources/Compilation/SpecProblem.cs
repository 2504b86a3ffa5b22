namespace Segmentation.Resources;

/// <summary>Why a spec cannot be used, for the person who wrote it.</summary>
/// <param name="Reason">One of <see cref="ProblemReasons"/>; fit for a condition's reason.</param>
/// <param name="FieldPath">Where, such as <c>spec.match.all[1].event.where[0].matches</c>.</param>
/// <param name="Message">What is wrong and how to mend it, without the path.</param>
public sealed record SpecProblem(string Reason, string FieldPath, string Message)
{
    /// <summary>Path and message, as in a condition.</summary>
    public override string ToString() => $"{FieldPath}: {Message}";
}

/// <summary>The reasons a spec is refused for.</summary>
public static class ProblemReasons
{
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>Another operator, with another label selector, serves the namespace.</summary>
    public const string OtherShard = "OtherShard";

    /// <summary>No operator, or one that does not exist: servers drop fields that they do not know, so both look alike.</summary>
    public const string UnknownOperator = "UnknownOperator";

    public const string TooDeep = "TooDeep";

    public const string InvalidRegularExpression = "InvalidRegularExpression";

    public const string UnknownTimeZone = "UnknownTimeZone";

    public const string SegmentNotFound = "SegmentNotFound";

    public const string SegmentCycle = "SegmentCycle";

    public const string ReferencedSegmentInvalid = "ReferencedSegmentInvalid";

    public const string RfmPolicyNotFound = "RfmPolicyNotFound";

    public const string RfmPolicyInvalid = "RfmPolicyInvalid";

    public const string UnknownTier = "UnknownTier";
}
