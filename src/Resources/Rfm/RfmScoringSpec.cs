using System.Text.Json.Serialization;
using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>
/// How a dimension becomes a score from 1 (worst) to <see cref="Scores"/> (best). Quantiles draw the cut points from the customers
/// themselves, but for dimensions that name theirs; thresholds name all: <c>scores − 1</c> per dimension, ascending, each the last value
/// that still belongs to its step.
/// </summary>
[ValidationRule(
    "self.method == 'thresholds' ? (has(self.recency) && has(self.frequency) && has(self.monetary)) : "
    + "!(has(self.recency) && has(self.frequency) && has(self.monetary))",
    "method thresholds needs recency, frequency and monetary; method quantiles takes at most two of them, and draws the others")]
[ValidationRule(
    "(!has(self.recency) || size(self.recency) == self.scores - 1) && (!has(self.frequency) || size(self.frequency) == self.scores - 1)"
    + " && (!has(self.monetary) || size(self.monetary) == self.scores - 1)",
    "recency, frequency and monetary each need one cut point fewer than there are scores: four for five scores")]
[ValidationRule("self.method == 'quantiles' || !has(self.recomputeEvery)", "recomputeEvery belongs to method quantiles; thresholds never move")]
public sealed record RfmScoringSpec
{
    public const string DefaultRecomputeEvery = "24h";

    [Description("quantiles (equal shares of the customers) or thresholds (cut points that you name).")]
    [Default("\"quantiles\"")]
    public RfmScoringMethod Method { get; set; }

    [Description("How many scores there are; the best customers get this one.")]
    [RangeMinimum(3), RangeMaximum(10), Default("5")]
    public int Scores { get; set; } = 5;

    [Description("How often quantiles are drawn anew; 24h when left out.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2)]
    public string? RecomputeEvery { get; set; }

    [Description("How much each score counts for the combined one; all alike when left out.")]
    public RfmWeightsSpec? Weights { get; set; }

    [Description("Times since the last purchase, shortest first: a customer within the first gets the best score.")]
    [Items(9, 2), ItemLength(DurationText.LengthMax, 2)]
    public IReadOnlyList<string>? Recency { get; set; }

    [Description("Numbers of purchases, ascending: a customer at or below the first gets score 1.")]
    [Items(9, 2)]
    public IReadOnlyList<long>? Frequency { get; set; }

    [Description("Amounts, ascending: a customer at or below the first gets score 1.")]
    [Items(9, 2)]
    public IReadOnlyList<decimal>? Monetary { get; set; }
}

/// <summary>How much each score counts for the combined one.</summary>
[ValidationRule("self.recency + self.frequency + self.monetary > 0", "one of the weights must be above 0")]
public sealed record RfmWeightsSpec
{
    public const int Max = 100;

    [RangeMinimum(0), RangeMaximum(Max), Default("1")]
    public int Recency { get; set; } = 1;

    [RangeMinimum(0), RangeMaximum(Max), Default("1")]
    public int Frequency { get; set; } = 1;

    [RangeMinimum(0), RangeMaximum(Max), Default("1")]
    public int Monetary { get; set; } = 1;
}

public enum RfmScoringMethod
{
    [JsonStringEnumMemberName("quantiles")]
    Quantiles,

    [JsonStringEnumMemberName("thresholds")]
    Thresholds,
}
