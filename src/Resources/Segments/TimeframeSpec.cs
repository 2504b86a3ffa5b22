using Kubernetes.Model;
using Segmentation.Resources.Manifests;

namespace Segmentation.Resources;

/// <summary>
/// Which time a condition on events speaks of: at most one of the fields is set, from and to together; none means ever. docs/conditions.md
/// gives the exact bounds of each.
/// </summary>
[OneOf(
    "within", "between", "since", "after", "before", "from", "calendar", "sinceEntering", "sinceProperty", "ever",
    Optional = true, Noun = "timeframe")]
[ValidationRule("has(self.from) == has(self.to)", "from and to go together")]
public abstract record TimeframeSpec
{
    /// <summary>RE2; a day, or RFC 3339.</summary>
    public const string DatePattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$";

    public const int DateLengthMax = 40;

    /// <summary>RE2; the calendar phrases.</summary>
    public const string CalendarPattern =
        "^(today|yesterday|tomorrow|(this|last|next) (week|month|quarter|year)|(last|next) [1-9][0-9]{0,2} (days|weeks|months|quarters|years))$";

    public const int CalendarLengthMax = 32;

    [Description("The last such time: 365d, 2w, 36h, 15m, 30s, 1d12h. An event exactly that old is out.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? Within { get; set; }

    [Description("From the first to the second age ago, such as [30d, 60d].")]
    [Items(2, 2), ItemLength(DurationText.LengthMax, 2)]
    public IReadOnlyList<string>? Between { get; set; }

    [Description("From this day or instant on.")]
    [Pattern(DatePattern), Length(DateLengthMax, 10)]
    public string? Since { get; set; }

    [Description("Later than this day's start or instant.")]
    [Pattern(DatePattern), Length(DateLengthMax, 10)]
    public string? After { get; set; }

    [Description("Earlier than this day or instant.")]
    [Pattern(DatePattern), Length(DateLengthMax, 10)]
    public string? Before { get; set; }

    [Description("From this day or instant on, up to the one in to.")]
    [Pattern(DatePattern), Length(DateLengthMax, 10)]
    public string? From { get; set; }

    [Description("With from: up to this day or instant, itself not included.")]
    [Pattern(DatePattern), Length(DateLengthMax, 10)]
    public string? To { get; set; }

    [Description("Days of the calendar: today, yesterday, this week, last month, last 3 days.")]
    [Pattern(CalendarPattern), Length(CalendarLengthMax, 5)]
    public string? Calendar { get; set; }

    [Description("True: since the customer last entered this segment.")]
    public bool? SinceEntering { get; set; }

    [Description("Since the date in this property of the customer.")]
    [Length(128, 1)]
    public string? SinceProperty { get; set; }

    [Description("True: whenever it happened. The same as no timeframe.")]
    public bool? Ever { get; set; }
}
