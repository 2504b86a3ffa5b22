namespace Segmentation.Operator.Partitions;

/// <summary>How long events are kept (configuration section <c>Retention</c>). Without rules, for ever.</summary>
public sealed class RetentionOptions
{
    /// <summary>One that names workspace and event wins over one that names the event, that over one that names the workspace, that over one for all.</summary>
    public IList<RetentionRule> Rules { get; } = [];

    /// <summary>How often every profile is looked at for events to forget.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>What is wrong when <see cref="AreValid"/> says no.</summary>
    public const string Problem = "Retention: every rule needs a Keep above zero, such as Retention__Rules__0__Keep=400.00:00:00, and Interval must be above zero.";

    public static bool AreValid(RetentionOptions options) =>
        options.Interval > TimeSpan.Zero && options.Rules.All(rule => rule.Keep > TimeSpan.Zero);

    /// <summary>Whether any event of the workspace is ever forgotten for its age.</summary>
    public bool IsFor(string workspace) => Rules.Any(rule => rule.IsFor(workspace));

    /// <summary>How long, in milliseconds, events of a name are kept at least; null for ever.</summary>
    public long? KeepMs(string workspace, string eventName) => Rules
        .Where(rule => rule.IsFor(workspace) && (rule.Event.Length == 0 || rule.Event == eventName))
        .OrderBy(rule => (rule.Event.Length == 0, rule.Workspace.Length == 0))
        .Select(rule => (long?)rule.Keep.TotalMilliseconds)
        .FirstOrDefault();
}

/// <summary>How long events are kept at least. One that a definition may still need is kept longer, whatever this says.</summary>
public sealed class RetentionRule
{
    /// <summary>The workspace; empty for all.</summary>
    public string Workspace { get; set; } = "";

    /// <summary>The event's name; empty for all.</summary>
    public string Event { get; set; } = "";

    /// <summary>The age from which on an event may be forgotten; more than none.</summary>
    public TimeSpan Keep { get; set; }

    internal bool IsFor(string workspace) => Workspace.Length == 0 || Workspace == workspace;
}
