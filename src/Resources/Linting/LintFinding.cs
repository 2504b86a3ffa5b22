namespace Segmentation.Resources;

/// <summary>How much a finding matters.</summary>
public enum LintSeverity
{
    /// <summary>Worth knowing; the definition may well be meant so.</summary>
    Info,

    /// <summary>Probably not what was meant.</summary>
    Warning,

    /// <summary>The definition cannot be used, or cannot have a member that makes sense.</summary>
    Error,
}

/// <summary>Something about a valid definition that its author should look at.</summary>
/// <param name="Rule">Which check found it, such as <c>contradiction</c>; docs/lint.md lists them.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Path">Where, such as <c>spec.match.all[0].event</c>.</param>
/// <param name="Message">What it is and how to mend it.</param>
public sealed record LintFinding(string Rule, LintSeverity Severity, string Path, string Message);
