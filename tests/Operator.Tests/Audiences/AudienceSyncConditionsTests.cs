using Kubernetes.Model;
using Segmentation.Operator.Audiences;
using Segmentation.Operator.Reconcilers;
using Segmentation.Resources;

namespace Operator.Tests.Audiences;

public sealed class AudienceSyncConditionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly AudienceState Following = AudienceState.Initial(3) with { Phase = AudiencePhase.Following, Pending = 0 };

    [Fact]
    public void With_every_change_delivered_it_is_in_sync() => Judge(Following).ShouldBe("Ready=True InSync");

    [Fact]
    public void Changes_on_their_way_keep_it_ready() => Judge(Following with { Pending = 7 }).ShouldBe("Ready=True Syncing");

    [Fact]
    public void The_initial_sync_is_progress() =>
        Judge(Following with { Phase = AudiencePhase.InitialSync }).ShouldBe("Ready=False Syncing, Reconciling");

    [Fact]
    public void Waiting_for_the_first_members_is_progress() =>
        Judge(Following with { Phase = AudiencePhase.WaitingForSegment }).ShouldBe("Ready=False WaitingForSegment, Reconciling");

    [Fact]
    public void A_missing_segment_may_come_and_is_not_stalled() => Judge(Following, segmentExists: false).ShouldBe("Ready=False SegmentNotFound, Reconciling");

    [Fact]
    public void A_missing_policy_may_come_and_is_not_stalled_whether_or_not_changes_wait_for_it()
    {
        Judge(Following, policyExists: false).ShouldBe("Ready=False RfmPolicyNotFound, Reconciling");
        var waiting = Following with { Reason = AudienceReasons.WaitingForRfmPolicy, Message = "RfmPolicy default does not score yet." };
        Judge(waiting, policyExists: false).ShouldBe("Ready=False RfmPolicyNotFound, Reconciling");
        Judge(waiting).ShouldBe("Ready=False WaitingForRfmPolicy, Reconciling");
    }

    [Theory]
    [InlineData(AudienceReasons.DestinationUnreachable)]
    [InlineData(AudienceReasons.DestinationRejected)]
    [InlineData(AudienceReasons.SecretNotFound)]
    [InlineData(AudienceReasons.InvalidSecret)]
    [InlineData(AudienceReasons.StoreUnavailable)]
    public void What_is_tried_again_is_not_stalled(string reason) =>
        Judge(Following with { Reason = reason, Message = "HTTP 503", FailedAttempts = 2 }).ShouldBe($"Ready=False {reason}, Reconciling");

    [Fact]
    public void A_destination_that_is_gone_stalls() =>
        Judge(Following with { Phase = AudiencePhase.Stopped, Reason = AudienceReasons.DestinationGone, Message = "410" }).ShouldBe("Ready=False DestinationGone, Stalled");

    [Fact]
    public void A_suspended_one_does_what_its_spec_says() => Judge(null, suspend: true).ShouldBe("Ready=True Suspended");

    [Fact]
    public void An_invalid_spec_stalls_and_names_the_field()
    {
        var entity = Entity(suspend: false);

        AudienceSyncConditions.Set(entity, [new SpecProblem(ProblemReasons.InvalidSpec, "spec.batch.maxSize", "must be 1 to 10000, not 0")], null, segmentExists: true, policyExists: true, Now);

        Text(entity).ShouldBe("Ready=False InvalidSpec, Stalled");
        Conditions.Find(entity.Status.Conditions, Conditions.Ready)!.Message.ShouldBe("spec.batch.maxSize: must be 1 to 10000, not 0.");
    }

    [Fact]
    public void Conditions_of_the_past_do_not_linger()
    {
        var entity = Entity(suspend: false);
        AudienceSyncConditions.Set(entity, [], Following with { Phase = AudiencePhase.Stopped, Reason = AudienceReasons.DestinationGone, Message = "410" }, segmentExists: true, policyExists: true, Now);

        AudienceSyncConditions.Set(entity, [], Following, segmentExists: true, policyExists: true, Now.AddMinutes(1));

        Text(entity).ShouldBe("Ready=True InSync");
        entity.Status.Conditions.ShouldAllBe(c => c.ObservedGeneration == 3);
        entity.Status.Conditions[0].LastTransitionTime.ShouldBe(Now.AddMinutes(1));
    }

    private static string Judge(AudienceState? state, bool segmentExists = true, bool suspend = false, bool policyExists = true)
    {
        var entity = Entity(suspend);
        AudienceSyncConditions.Set(entity, [], state, segmentExists, policyExists, Now);
        return Text(entity);
    }

    private static AudienceSync Entity(bool suspend) => new()
    {
        Metadata = new() { Name = "crm", Namespace = "acme", Generation = 3 },
        Spec = new() { SegmentRef = new() { Name = "vips" }, Include = new() { RfmPolicy = "default" }, Suspend = suspend },
    };

    private static string Text(AudienceSync entity) =>
        string.Join(", ", entity.Status.Conditions.Select(c => c.Type == Conditions.Ready ? $"Ready={c.Status} {c.Reason}" : c.Type));
}
