using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>Whether, and since when, the profile agreed to be written to on a channel.</summary>
public sealed record ConsentConditionSpec
{
    /// <summary>RE2.</summary>
    public const string ChannelPattern = "^[a-z][a-z0-9_-]*$";

    public const int ChannelLengthMax = ProfileFacts.MaxChannelLength;

    [Description("The channel, such as email or sms.")]
    [Required, Pattern(ChannelPattern), Length(ChannelLengthMax, 1)]
    public string Channel { get; set; } = "";

    [Description("subscribed, unsubscribed, or never when nothing was ever recorded.")]
    [Required]
    public ConsentState Is { get; set; }

    [Description("It has been so for at least this long.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? For { get; set; }

    [Description("It became so less than this long ago.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? Within { get; set; }
}

public enum ConsentState
{
    [JsonStringEnumMemberName("subscribed")]
    Subscribed,

    [JsonStringEnumMemberName("unsubscribed")]
    Unsubscribed,

    [JsonStringEnumMemberName("never")]
    Never,
}

/// <summary>Whether the profile must not be written to on a channel.</summary>
public sealed record SuppressionConditionSpec
{
    [Description("The channel, such as email or sms.")]
    [Required, Pattern(ConsentConditionSpec.ChannelPattern), Length(ConsentConditionSpec.ChannelLengthMax, 1)]
    public string Channel { get; set; } = "";

    [Description("suppressed, the default, or notSuppressed.")]
    public SuppressionState Is { get; set; }
}

public enum SuppressionState
{
    [JsonStringEnumMemberName("suppressed")]
    Suppressed,

    [JsonStringEnumMemberName("notSuppressed")]
    NotSuppressed,
}
