using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What a person declares about an audience.</summary>
[Description("Which Segment goes where, and how.")]
public sealed record AudienceSyncSpec
{
    [Description("The Segment whose members are told.")]
    [Required]
    public SegmentReference SegmentRef { get; set; } = new();

    [Description("Where they are told: exactly one destination.")]
    [Required]
    public DestinationSpec Destination { get; set; } = new();

    [Description("What is told of a profile that enters, beside that it does. Nothing when left out.")]
    public AudienceIncludeSpec? Include { get; set; }

    [Description("How changes are bundled.")]
    [Default("{}")]
    public BatchSpec Batch { get; set; } = new();

    [Description("What becomes of the audience when the Segment is deleted: Empty (everybody is told to leave) or Retain (it stays as it is).")]
    [Default("\"Retain\"")]
    public SegmentDeletionPolicy OnSegmentDeletion { get; set; } = SegmentDeletionPolicy.Retain;

    [Description("True holds deliveries back; changes wait and are delivered when it is false again.")]
    [Default("false")]
    public bool Suspend { get; set; }
}

/// <summary>What is told of profiles that enter.</summary>
public sealed record AudienceIncludeSpec
{
    [Description("An RfmPolicy of the same namespace: its digits, tier and predictions of the profile, and the numbers behind them, are told.")]
    [Required, Length(253, 1)]
    public string RfmPolicy { get; set; } = "";
}

/// <summary>A Segment of the same namespace.</summary>
public sealed record SegmentReference
{
    [Description("The Segment's metadata.name.")]
    [Required, Length(253, 1)]
    public string Name { get; set; } = "";
}

/// <summary>How changes are bundled: a batch goes out when either bound is reached.</summary>
public sealed record BatchSpec
{
    public const string DefaultMaxDelay = "10s";

    [Description("The most changes in one delivery.")]
    [RangeMinimum(1), RangeMaximum(10_000), Default("1000")]
    public int MaxSize { get; set; } = 1000;

    [Description("The longest that a change waits for others, at most 1h.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2), Default("\"" + DefaultMaxDelay + "\"")]
    public string MaxDelay { get; set; } = DefaultMaxDelay;
}

public enum SegmentDeletionPolicy
{
    /// <summary>Every member is told to leave.</summary>
    [JsonStringEnumMemberName("Empty")]
    Empty,

    /// <summary>The audience stays as it is.</summary>
    [JsonStringEnumMemberName("Retain")]
    Retain,
}
