using System.Text.Json;
using Kubernetes.Model;
using Kubernetes.Tests.Widgets;

namespace Kubernetes.Tests.Model;

public sealed class ConditionsTests
{
    private static readonly DateTimeOffset Noon = new(2024, 5, 6, 12, 0, 0, 250, TimeSpan.Zero);

    private readonly List<Condition> _conditions = [];

    [Fact]
    public void Transition_time_moves_only_when_the_status_flips()
    {
        Set("False", "Waiting", Noon);
        Set("False", "StillWaiting", Noon.AddMinutes(1));
        _conditions.Single().LastTransitionTime.ShouldBe(Noon.AddMilliseconds(-250));
        _conditions.Single().Reason.ShouldBe("StillWaiting");

        Set("True", "Done", Noon.AddMinutes(2));
        _conditions.Single().LastTransitionTime.ShouldBe(Noon.AddMinutes(2).AddMilliseconds(-250));
    }

    [Fact]
    public void Reconciling_and_stalled_are_present_only_while_true()
    {
        Conditions.SetOnlyWhenTrue(_conditions, holds: true, Conditions.Stalled, "InvalidSpec", "No.", 3, Noon);
        Conditions.IsTrue(_conditions, Conditions.Stalled).ShouldBeTrue();
        Conditions.SetOnlyWhenTrue(_conditions, holds: false, Conditions.Stalled, "InvalidSpec", "No.", 4, Noon);
        _conditions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("true", "Reason")]
    [InlineData("True", "")]
    public void A_status_or_reason_that_the_conventions_forbid_is_refused(string status, string reason) =>
        Should.Throw<ArgumentException>(() => Conditions.Set(_conditions, "Ready", status, reason, "", 1, Noon));

    [Fact]
    public void Times_are_written_in_whole_seconds_and_utc_and_decimals_stay_exact()
    {
        Set("True", "Done", new DateTimeOffset(2024, 5, 6, 14, 0, 0, TimeSpan.FromHours(2)));
        var widget = Widget.Named("acme", "a");
        widget.Spec.Price = 200.50m;
        widget.Status.Conditions = _conditions;

        var json = JsonSerializer.Serialize(widget, WidgetJson.Default.Widget);

        json.ShouldContain("\"lastTransitionTime\":\"2024-05-06T12:00:00Z\"");
        json.ShouldContain("\"price\":200.50");
    }

    private void Set(string status, string reason, DateTimeOffset now) =>
        Conditions.Set(_conditions, Conditions.Ready, status, reason, "A sentence.", observedGeneration: 1, now);
}
