using System.Text.Json.Serialization;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// What a workspace serves and what it is building, kept in Redis: it outlives the operator, and a spec that stops being valid does not take its
/// last good revision with it.
/// </summary>
internal sealed record Catalog
{
    public static readonly Catalog Empty = new();

    /// <summary>Fixed when the workspace is created.</summary>
    public int Partitions { get; init; }

    /// <summary>The label selector of the operator that serves the workspace; empty for one that sees all objects.</summary>
    public string Shard { get; init; } = "";

    /// <summary>Counts the times that it was written: what one has read is current as long as this has not changed.</summary>
    public long Version { get; init; }

    public IReadOnlyDictionary<string, SegmentEntry> Segments { get; init; } = new Dictionary<string, SegmentEntry>();

    public IReadOnlyDictionary<string, PolicyEntry> Policies { get; init; } = new Dictionary<string, PolicyEntry>();

    /// <summary>By <c>policy@revision</c>; kept as long as a policy or a segment's revision refers to them.</summary>
    public IReadOnlyDictionary<string, BreakPointsEntry> BreakPoints { get; init; } = new Dictionary<string, BreakPointsEntry>();

    /// <summary>By <c>policy@revision</c>, likewise.</summary>
    public IReadOnlyDictionary<string, ModelEntry> Models { get; init; } = new Dictionary<string, ModelEntry>();

    /// <summary>The catalog after attempts to fit models.</summary>
    public Catalog With(IReadOnlyCollection<KeyValuePair<string, ModelFit>> fits)
    {
        if (fits.Count == 0) return this;
        var models = new Dictionary<string, ModelEntry>(Models);
        foreach (var (key, fit) in fits) models[key] = models.GetValueOrDefault(key, ModelEntry.None).After(fit);
        return this with { Models = models };
    }
}

/// <summary>A segment's revisions.</summary>
/// <param name="Serving">The one whose members are the segment's members; null until the first has been evaluated for every profile.</param>
/// <param name="Building">The one that is being evaluated beside it.</param>
/// <param name="Suspended">Whether the members are frozen.</param>
/// <param name="Passes">
/// Counts the times that every profile had to be evaluated anew: a new revision, or the end of a suspension. A pass is never mistaken for an
/// earlier one of the same revision.
/// </param>
/// <param name="Deleting">Whether its data is being dropped.</param>
internal sealed record SegmentEntry(
    SegmentRevision? Serving = null, SegmentRevision? Building = null, bool Suspended = false, int Passes = 0, bool Deleting = false);

/// <summary>A segment's definition with everything that it refers to, so that it can be compiled again when those have changed or gone.</summary>
/// <param name="Revision">Names the definition.</param>
/// <param name="Pass">The number of the pass that every profile must have had.</param>
internal sealed record SegmentRevision(
    string Revision,
    int Pass,
    IReadOnlyDictionary<string, SegmentSpec> Segments,
    IReadOnlyDictionary<string, RfmPolicySpec> Policies,
    IReadOnlyDictionary<string, string> PolicyRevisions);

/// <summary>A policy's revisions.</summary>
/// <param name="Serving">The one whose tiers are the policy's tiers.</param>
/// <param name="Building">The one whose dimensions are being gathered for its first break points.</param>
/// <param name="Passes">Counts the revisions built.</param>
internal sealed record PolicyEntry(PolicyRevision? Serving = null, PolicyRevision? Building = null, int Passes = 0);

internal sealed record PolicyRevision(string Revision, int Pass, RfmPolicySpec Spec);

/// <summary>A policy revision's break points.</summary>
/// <param name="Recency">Ages in ms, ascending; empty when there were no purchases to take quantiles of.</param>
/// <param name="Version">Counts computations, from 1.</param>
/// <param name="ComputedAtMs">When.</param>
/// <param name="Profiles">How many profiles they were computed from.</param>
internal sealed record BreakPointsEntry(
    IReadOnlyList<long> Recency, IReadOnlyList<long> Frequency, IReadOnlyList<decimal> Monetary, int Version, long ComputedAtMs, long Profiles)
{
    public RfmBreakPoints? ToBreakPoints() => Recency.Count == 0 ? null : new RfmBreakPoints(Recency, Frequency, Monetary);
}

/// <summary>A policy revision's model for predictions, and what became of the last attempt to fit it.</summary>
/// <param name="Terms">What the last attempt was asked for; null when predictions have been taken out of the policy.</param>
/// <param name="TriedAtMs">When that was.</param>
/// <param name="Profiles">How many profiles had a purchase in the policy's window then.</param>
/// <param name="Shortfalls">What it lacked; empty when it gave the model.</param>
/// <param name="Version">Counts models, from 1; 0 before the first.</param>
/// <param name="Model">The last one that was fitted, which stays in force when a later attempt lacks something; null when there is none.</param>
internal sealed record ModelEntry(
    PredictionTerms? Terms, long TriedAtMs, long Profiles, IReadOnlyList<PredictionShortfall> Shortfalls, int Version, FittedModel? Model)
{
    public static readonly ModelEntry None = new(null, 0, 0, [], 0, null);

    /// <summary>The entry after another attempt.</summary>
    public ModelEntry After(ModelFit fit)
    {
        var (report, terms) = (fit.Report, fit.Terms);
        var model = report.Purchases is { } purchases
            ? new FittedModel(terms.HorizonMs, fit.AtMs, purchases, report.Values, report.HoldOut)
            : Model?.HorizonMs == terms.HorizonMs ? Model : null; // one of another horizon would answer another question
        var version = Equals(model?.ToModel(), Model?.ToModel()) ? Version : Version + 1;
        return new ModelEntry(terms, fit.AtMs, fit.Profiles, report.Shortfalls, version, model);
    }

    /// <summary>The entry of a policy that predicts nothing any more.</summary>
    public ModelEntry WithoutModel() => None with { Version = Model is null ? Version : Version + 1 };
}

/// <summary>A model and how it came about.</summary>
internal sealed record FittedModel(long HorizonMs, long FittedAtMs, Fitted<BgNbd> Purchases, Fitted<GammaGamma>? Values, HoldOut? HoldOut)
{
    public PurchaseModel ToModel() => new(Purchases.Model, Values?.Model, HorizonMs);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(SegmentEntry))]
[JsonSerializable(typeof(ConditionSpec))]
[JsonSerializable(typeof(PolicyEntry))]
[JsonSerializable(typeof(BreakPointsEntry))]
[JsonSerializable(typeof(ModelEntry))]
internal sealed partial class CatalogJson : JsonSerializerContext;
