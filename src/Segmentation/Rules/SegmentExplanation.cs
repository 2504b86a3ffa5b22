namespace Segmentation;

/// <summary>Why a profile is in a segment or not, and when that changes if nothing happens.</summary>
/// <param name="Segment">The segment's name.</param>
/// <param name="ProfileId">Whom it is about.</param>
/// <param name="InstantMs">As of when, in milliseconds since the Unix epoch.</param>
/// <param name="Matches">Whether the profile is in the segment.</param>
/// <param name="NextChangeMs">
/// When <paramref name="Matches"/> changes by the passing of time alone, exactly; <see cref="Verdict.Never"/> when it does not.
/// </param>
/// <param name="Condition">The segment's condition with its parts.</param>
public sealed record SegmentExplanation(
    string Segment, string ProfileId, long InstantMs, bool Matches, long NextChangeMs, Explanation Condition)
{
    // A verdict's next change may be early; following it this often finds the real one or gives up on the earliest possible.
    private const int MaxSteps = 1_000;

    /// <param name="segment">Which segment.</param>
    /// <param name="profile">Whom it is about.</param>
    /// <param name="instantMs">As of when; see <see cref="Evaluation.Begin"/>.</param>
    public static SegmentExplanation Of(SegmentDefinition segment, Profile profile, long instantMs)
    {
        ArgumentNullException.ThrowIfNull(segment);
        ArgumentNullException.ThrowIfNull(profile);
        var evaluation = new Evaluation();
        evaluation.Begin(profile, instantMs);
        var condition = segment.Rule.Explain(evaluation);
        return new SegmentExplanation(
            segment.Name, profile.Id, instantMs, condition.Matches, NextFlip(segment, profile, instantMs), condition);
    }

    /// <summary>
    /// When the profile next enters or leaves the segment by the passing of time alone, strictly after the instant;
    /// <see cref="Verdict.Never"/> when it does not. The profile is as before afterwards.
    /// </summary>
    public static long NextFlip(SegmentDefinition segment, Profile profile, long instantMs)
    {
        ArgumentNullException.ThrowIfNull(segment);
        ArgumentNullException.ThrowIfNull(profile);
        var (memberships, tiers) = (profile.Memberships, profile.Tiers);
        (profile.Memberships, profile.Tiers) = (memberships?.Copy(), tiers?.Copy());
        try
        {
            return NextFlip(segment, profile, instantMs, new MembershipReplay([segment]));
        }
        finally
        {
            (profile.Memberships, profile.Tiers) = (memberships, tiers);
        }
    }

    private static long NextFlip(SegmentDefinition segment, Profile profile, long instantMs, MembershipReplay replay)
    {
        var evaluation = new Evaluation();
        evaluation.Begin(profile, instantMs);
        var now = evaluation.Evaluate(segment);
        var next = now.NextChangeMs;
        var recordedMs = instantMs;
        for (var step = 0; step < MaxSteps && next <= Evaluation.LatestInstantMs; step++)
        {
            if (replay.IsNeeded)
                replay.Run(profile, recordedMs, next);
            evaluation.Begin(profile, recordedMs = next);
            var then = evaluation.Evaluate(segment);
            if (then.Matches != now.Matches)
                return next;
            next = then.NextChangeMs;
        }

        return next <= Evaluation.LatestInstantMs ? next : Verdict.Never;
    }
}
