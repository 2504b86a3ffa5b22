using Kubernetes.Model;

namespace Segmentation.Resources;

/// <summary>What is predicted of customers, and how much must be known of them for it.</summary>
public sealed record RfmPredictionsSpec
{
    public const string DefaultHorizon = "90d";
    public const int DefaultMinCustomers = 500;
    public const int DefaultMinRepeatCustomers = 50;
    public const string DefaultMinHistory = "180d";
    public const string DefaultMaxQuiet = "30d";
    public const string DefaultRefitEvery = "24h";

    [Description("The time to come in which purchases are expected: 90d, 52w.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2), Default("\"" + DefaultHorizon + "\"")]
    public string Horizon { get; set; } = DefaultHorizon;

    [Description("There is no model with fewer customers.")]
    [RangeMinimum(1), Default("500")]
    public int MinCustomers { get; set; } = DefaultMinCustomers;

    [Description("There is no model with fewer customers who bought on more than one day.")]
    [RangeMinimum(1), Default("50")]
    public int MinRepeatCustomers { get; set; } = DefaultMinRepeatCustomers;

    [Description("There is no model when the first purchase of any customer is less long ago.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2), Default("\"" + DefaultMinHistory + "\"")]
    public string MinHistory { get; set; } = DefaultMinHistory;

    [Description("There is no new model when the last purchase of any customer is longer ago.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2), Default("\"" + DefaultMaxQuiet + "\"")]
    public string MaxQuiet { get; set; } = DefaultMaxQuiet;

    [Description("How often the model is fitted anew.")]
    [Pattern(DurationText.Pattern), Length(DurationText.LengthMax, 2), Default("\"" + DefaultRefitEvery + "\"")]
    public string RefitEvery { get; set; } = DefaultRefitEvery;
}
