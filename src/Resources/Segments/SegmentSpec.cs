using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What a person declares about a segment.</summary>
[Description("Which customers belong to the segment.")]
public sealed record SegmentSpec
{
    [Description("A name for people; changing it moves no member.")]
    [Length(128)]
    public string? DisplayName { get; set; }

    [Description("IANA time zone of calendar days, such as Europe/Berlin.")]
    [Length(64, 1), Default("\"UTC\"")]
    public string TimeZone { get; set; } = "UTC";

    [Description("The day that weeks of the calendar start on; monday unless given.")]
    public WeekDay? WeekStartsOn { get; set; }

    [Description("The condition that members meet. Groups (all, any, none) nest at most three deep.")]
    [Required, JsonConverter(typeof(MatchJsonConverter))]
    public ConditionSpec Match { get; set; } = new();

    [Description("How much change of the member count is normal.")]
    public DriftSpec? Drift { get; set; }

    [Description("True freezes the membership: no customer enters or leaves until it is false again.")]
    [Default("false")]
    public bool Suspend { get; set; }
}

/// <summary>How much change of the member count is normal.</summary>
[Description("How much change of the member count is normal.")]
public sealed record DriftSpec
{
    public const string DefaultWindow = "24h";

    [Description("Over how long the change is measured, at most 24h.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2), Default("\"" + DefaultWindow + "\"")]
    public string Window { get; set; } = DefaultWindow;

    [Description("A larger change, up or down, in percent of the member count at the window's start, is reported as drift.")]
    [RangeMinimum(0), RangeMaximum(1_000_000)]
    public decimal? MaxChangePercent { get; set; }
}

/// <summary>A day of the week.</summary>
public enum WeekDay
{
    [JsonStringEnumMemberName("monday")]
    Monday,

    [JsonStringEnumMemberName("tuesday")]
    Tuesday,

    [JsonStringEnumMemberName("wednesday")]
    Wednesday,

    [JsonStringEnumMemberName("thursday")]
    Thursday,

    [JsonStringEnumMemberName("friday")]
    Friday,

    [JsonStringEnumMemberName("saturday")]
    Saturday,

    [JsonStringEnumMemberName("sunday")]
    Sunday,
}
