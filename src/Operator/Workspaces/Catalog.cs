using System.Globalization;
using System.Text.Json.Serialization;
using Segmentation.Resources;

namespace Segmentation.Operator.Workspaces;

/// <summary>
/// What a workspace serves and what it is building, kept in Redis: it outlives the operator, and a spec that stops being valid does not take its
/// last good revision with it. Written by the replica that leads; what the partitions of every replica do follows from it alone.
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

    /// <summary>Whether it says all that a replica has to know which does not lead; false while 0.1.0 leads, during an upgrade.</summary>
    public bool CanBeFollowed => Segments.Values.All(segment => segment.Deleting || segment.Audience is not null);

    /// <summary>By <c>policy@revision</c>; kept as long as a policy or a segment's revision refers to them.</summary>
    public IReadOnlyDictionary<string, BreakPointsEntry> BreakPoints { get; init; } = new Dictionary<string, BreakPointsEntry>();

    /// <summary>By <c>policy@revision</c>, likewise.</summary>
    public IReadOnlyDictionary<string, ModelEntry> Models { get; init; } = new Dictionary<string, ModelEntry>();

    public RfmBreakPoints? PointsOf(string policy, string revision) => BreakPoints.GetValueOrDefault(PolicyRevision.Key(policy, revision))?.ToBreakPoints();

    public PurchaseModel? ModelOf(string policy, string revision) => Models.GetValueOrDefault(PolicyRevision.Key(policy, revision))?.Model?.ToModel();

    /// <summary>
    /// Whether there are break points, and, of a policy that predicts, an attempt at a model: a segment that began without would lose everybody.
    /// </summary>
    public bool IsKnown(string policy, string revision)
    {
        var entry = Policies.GetValueOrDefault(policy);
        var predicts = new[] { entry?.Serving, entry?.Building }.Any(r => r?.Revision == revision && r.Spec.Predictions is not null);
        return BreakPoints.ContainsKey(PolicyRevision.Key(policy, revision)) && (!predicts || Models.ContainsKey(PolicyRevision.Key(policy, revision)));
    }

    /// <summary>Changes whenever the break points or the model of a policy's revision do. <c>3</c> stands for the former alone, <c>3m2</c> for both.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="back">0 for the present break points, 1 for those before, with the present model in either case.</param>
    public string DataVersion(string policy, string revision, int back = 0)
    {
        var points = (BreakPoints.GetValueOrDefault(PolicyRevision.Key(policy, revision))?.Version ?? 0) - back;
        return Models.GetValueOrDefault(PolicyRevision.Key(policy, revision))?.Version is > 0 and var model
            ? string.Create(CultureInfo.InvariantCulture, $"{points}m{model}")
            : points.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Compiles definitions with the break points and the models of the policies' revisions.</summary>
    public WorkspaceDefinition Compile(
        IReadOnlyDictionary<string, SegmentSpec> segments,
        IReadOnlyDictionary<string, RfmPolicySpec> policies,
        IReadOnlyDictionary<string, string> policyRevisions)
    {
        var points = policyRevisions.Select(p => (p.Key, Points: PointsOf(p.Key, p.Value)))
            .Where(p => p.Points is not null)
            .ToDictionary(p => p.Key, p => p.Points!);
        var models = policyRevisions.Select(p => (p.Key, Model: ModelOf(p.Key, p.Value)))
            .Where(p => p.Model is not null)
            .ToDictionary(p => p.Key, PredictionModel (p) => p.Model!);
        return WorkspaceCompiler.Compile(segments, policies, points, models: models);
    }

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
/// <param name="Audience">
/// The uids of the AudienceSyncs that read its outbox, separated by spaces; empty when there is none. Null when 0.1.0 wrote it, which kept them in memory.
/// </param>
internal sealed record SegmentEntry(
    SegmentRevision? Serving = null, SegmentRevision? Building = null, bool Suspended = false, int Passes = 0, bool Deleting = false, string? Audience = null);

/// <summary>A segment's definition with everything that it refers to, so that it can be compiled again when those have changed or gone.</summary>
/// <param name="Revision">Names the definition.</param>
/// <param name="Pass">The number of the pass that every profile must have had.</param>
internal sealed record SegmentRevision(
    string Revision,
    int Pass,
    IReadOnlyDictionary<string, SegmentSpec> Segments,
    IReadOnlyDictionary<string, RfmPolicySpec> Policies,
    IReadOnlyDictionary<string, string> PolicyRevisions)
{
    /// <summary>A policy that it refers to and that lacks break points, or its first attempt at a model; null when it can be evaluated.</summary>
    public string? WaitsFor(Catalog catalog) => PolicyRevisions.FirstOrDefault(p => !catalog.IsKnown(p.Key, p.Value)).Key;

    /// <summary>Names the pass over all profiles that is due with the catalog's break points and models.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="moved">The policy of which the break points before are meant; null for none.</param>
    public string PassId(Catalog catalog, string? moved = null) =>
        string.Join('.', PolicyRevisions.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => catalog.DataVersion(p.Key, p.Value, p.Key == moved ? 1 : 0))
            .Prepend(Pass.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>A policy's revisions.</summary>
/// <param name="Serving">The one whose tiers are the policy's tiers.</param>
/// <param name="Building">The one whose dimensions are being gathered for its first break points.</param>
/// <param name="Passes">Counts the revisions built.</param>
internal sealed record PolicyEntry(PolicyRevision? Serving = null, PolicyRevision? Building = null, int Passes = 0);

internal sealed record PolicyRevision(string Revision, int Pass, RfmPolicySpec Spec)
{
    /// <summary>Names a policy's revision among <see cref="Catalog.BreakPoints"/> and <see cref="Catalog.Models"/>.</summary>
    public static string Key(string policy, string revision) => $"{policy}@{revision}";

    /// <summary>Names the pass over all profiles that is due with the catalog's break points; a model changes neither dimensions nor tiers.</summary>
    public string PassId(string policy, Catalog catalog, int back = 0) =>
        string.Create(CultureInfo.InvariantCulture, $"{Pass}.{(catalog.BreakPoints.GetValueOrDefault(Key(policy, Revision))?.Version ?? 0) - back}");
}

/// <summary>A policy revision's break points.</summary>
/// <param name="Recency">Ages in ms, ascending; empty when there were no purchases to take quantiles of.</param>
/// <param name="Version">Counts computations, from 1.</param>
/// <param name="ComputedAtMs">When.</param>
/// <param name="Profiles">How many profiles they were computed from.</param>
internal sealed record BreakPointsEntry(
    IReadOnlyList<long> Recency, IReadOnlyList<long> Frequency, IReadOnlyList<decimal> Monetary, int Version, long ComputedAtMs, long Profiles)
{
    /// <summary>Those of the version before, without its own; null when there were none.</summary>
    public BreakPointsEntry? Before { get; init; }

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
