namespace Segmentation.Cli.Definitions;

/// <summary>How much a finding weighs.</summary>
internal enum FindingKind
{
    /// <summary>Carried over, with a choice or an assumption that somebody should look at.</summary>
    Check,

    /// <summary>Not carried over.</summary>
    Lost,
}

/// <summary>One thing of a foreign definition that did not come over as it was.</summary>
/// <param name="Kind">How much it weighs.</param>
/// <param name="Path">Where it stands in the source, such as <c>$.data[0].attributes.definition.condition_groups[0].conditions[1].type</c>.</param>
/// <param name="What">The thing.</param>
/// <param name="Why">Why it did not come over, or what was chosen.</param>
/// <param name="Todo">What to do about it.</param>
internal sealed record Finding(FindingKind Kind, string Path, string What, string Why, string Todo);

/// <summary>A part of a foreign definition that has no counterpart here, or that the importer does not know.</summary>
internal sealed class NotCarriedOverException(Finding finding) : Exception($"{finding.Path}: {finding.What} {finding.Why}")
{
    public const string ByHand = "write this condition by hand; docs/conditions.md says what there is";

    public NotCarriedOverException(string path, string what, string why, string todo = ByHand)
        : this(new Finding(FindingKind.Lost, path, what, why, todo))
    {
    }

    public Finding Finding => finding;
}
