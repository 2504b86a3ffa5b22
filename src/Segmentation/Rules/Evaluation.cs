using System.Runtime.InteropServices;

namespace Segmentation;

/// <summary>
/// One pass over a profile at an instant: remembers the verdict of every segment and the score of every policy, so that each is worked
/// out once however many rules ask. Reusable, so that passes need no memory of their own; for one thread at a time. It keeps the
/// definitions that it has met alive: make a new one when definitions have changed.
/// </summary>
public sealed class Evaluation
{
    /// <summary>The latest instant of a pass: the end of the year 9999, in milliseconds since the Unix epoch.</summary>
    public const long LatestInstantMs = Rfc3339.LatestMs;

    private readonly Dictionary<SegmentDefinition, (long Pass, Verdict Verdict)> verdicts = [];
    private readonly Dictionary<RfmPolicyDefinition, (long Pass, RfmScore Score)> scores = [];
    private readonly List<int> indices = [];
    private readonly List<Purchase> purchases = [];
    private Dictionary<PropertyValue, int> valueCounts = [];
    private Profile? profile;
    private long pass;
    private long askAgainMs;

    /// <summary>The profile of the pass. Throws <see cref="InvalidOperationException"/> before the first <see cref="Begin"/>.</summary>
    public Profile Profile => profile ?? throw new InvalidOperationException("No pass has begun.");

    /// <summary>The instant of the pass, in milliseconds since the Unix epoch.</summary>
    public long InstantMs { get; private set; }

    // Segments whose conditions the explanations of this pass have spelt out: once is enough, and references can multiply.
    internal HashSet<SegmentDefinition> Explained { get; } = [];

    // Room for walks over future refunds; rules do not nest while they use it.
    internal List<(long AtMs, int Index)> Refunds { get; } = [];

    /// <summary>Room for indices of occurrences, emptied.</summary>
    internal List<int> ClearedIndices()
    {
        indices.Clear();
        return indices;
    }

    /// <summary>Room for values and how often there are, emptied.</summary>
    internal Dictionary<PropertyValue, int> ClearedValueCounts()
    {
        // To clear takes as long as the largest use so far was large: one huge profile must not slow down all later ones.
        if (valueCounts.Capacity > 4096)
            valueCounts = [];
        valueCounts.Clear();
        return valueCounts;
    }

    /// <summary>Begins a pass and forgets the answers of the one before. The profile must not change during the pass.</summary>
    /// <param name="profile">Whom to evaluate.</param>
    /// <param name="instantMs">As of when, in milliseconds since the Unix epoch; 0 to <see cref="LatestInstantMs"/>.</param>
    public void Begin(Profile profile, long instantMs)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentOutOfRangeException.ThrowIfNegative(instantMs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instantMs, LatestInstantMs);
        this.profile = profile;
        InstantMs = instantMs;
        askAgainMs = Verdict.Never;
        Explained.Clear();
        pass++;
    }

    /// <summary>Whether the profile is in the segment, until when at least, and what decided.</summary>
    public Verdict Evaluate(SegmentDefinition segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        if (verdicts.TryGetValue(segment, out var known) && known.Pass == pass)
            return known.Verdict;
        var verdict = segment.Rule.Evaluate(this);
        if (askAgainMs < verdict.NextChangeMs)
            verdict = verdict with { NextChangeMs = askAgainMs };
        verdicts[segment] = (pass, verdict);
        return verdict;
    }

    /// <summary>How the policy scores the profile.</summary>
    public RfmScore Score(RfmPolicyDefinition policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (scores.TryGetValue(policy, out var known) && known.Pass == pass)
            return known.Score;
        var score = RfmScoring.Score(policy, Profile, InstantMs);
        scores[policy] = (pass, score);
        return score;
    }

    /// <summary>What the policy's model expects of the profile; null without a model and without purchases that count.</summary>
    public Prediction? Predict(RfmPolicyDefinition policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Predictions is not { } model)
            return null;
        var counted = PurchasesOf(policy);
        return counted.IsEmpty ? null : model.Predict(counted, InstantMs);
    }

    /// <summary>Those that count, in order of time. Valid until another rule of the pass asks.</summary>
    internal ReadOnlySpan<Purchase> PurchasesOf(RfmPolicyDefinition policy)
    {
        RfmScoring.CollectPurchases(policy, Profile, InstantMs, purchases);
        return CollectionsMarshal.AsSpan(purchases);
    }

    /// <summary>What a rule of the pass reads is something else from the instant on, which lies after that of the pass.</summary>
    internal void AskAgainAt(long atMs) => askAgainMs = Math.Min(askAgainMs, atMs);
}
