using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What holds customers in their tiers. It makes the tier follow from the one before, too; the scores stay as they are.</summary>
[ValidationRule("has(self.minDwell) || has(self.marginPercent)", "give minDwell, marginPercent, or both; or take hysteresis out")]
public sealed record RfmHysteresisSpec
{
    [Description("A customer stays in a tier for at least such a time, whatever the scores: 3d, 12h.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? MinDwell { get; set; }

    [Description("A customer stays in a tier as long as values up to so many percent higher or lower would put him there.")]
    [RangeMinimum(1), RangeMaximum(RfmHysteresis.MarginPercentMax)]
    public int? MarginPercent { get; set; }
}
