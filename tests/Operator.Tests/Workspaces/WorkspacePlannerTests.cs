using Segmentation.Operator.Tests.Partitions;
using Segmentation.Operator.Workspaces;
using Segmentation.Resources;

namespace Segmentation.Operator.Tests.Workspaces;

/// <summary>The planner alone: what it decides follows from its arguments, and asking again changes nothing.</summary>
public sealed class WorkspacePlannerTests
{
    private static readonly SegmentSpec Ever = Shop.Spec(Shop.Orders());
    private static readonly SegmentSpec Recent = Shop.Spec(Shop.Orders(within: "3d"));
    private static readonly SegmentSpec Bad = Shop.Spec(new ConditionSpec { Segment = new SegmentConditionSpec { Name = "nobody" } });
    private static readonly SegmentSpec Scored = Shop.Spec(new ConditionSpec { Rfm = new RfmConditionSpec { Policy = "default", Tier = ["loyal"] } });

    /// <summary>Steps: a declaration (ever, recent, bad, none, +suspend), done for the pass of what is built, dropped.</summary>
    public static TheoryData<string, string> Lives => new()
    {
        { "ever", "-/ever" },
        { "ever done", "ever/-" },
        { "ever done recent", "ever/recent" },
        { "ever done recent done", "recent/-" },
        { "ever done recent ever", "ever/-" },
        { "ever done recent done ever", "recent/ever" },
        { "ever recent", "-/recent" },
        { "bad", "-/-" },
        { "bad ever done", "ever/-" },
        { "ever done bad", "ever/-" },
        { "ever done recent bad", "ever/recent" },
        { "ever done recent bad done", "recent/-" },
        { "ever done none", "deleting" },
        { "ever done none dropped", "gone" },
        { "none", "gone" },
        { "ever done none ever", "deleting" },
        { "ever done none ever dropped", "-/ever" },
        { "ever+suspend", "-/-" },
        { "ever+suspend ever done", "ever/-" },
        { "ever done ever+suspend recent+suspend", "ever/-" },
        { "ever done recent recent+suspend done", "ever/recent" },
        { "ever done recent recent+suspend recent done", "recent/-" },
    };

    [Theory]
    [MemberData(nameof(Lives))]
    public void A_segments_life(string steps, string expected)
    {
        var life = new Life();
        foreach (var step in steps.Split(' ')) life.Take(step);
        life.State.ShouldBe(expected);
        var version = life.Catalog;
        life.Plan();
        life.Catalog.Segments.ShouldBe(version.Segments, "asking again changes nothing");
    }

    [Fact]
    public void A_pass_is_never_mistaken_for_an_earlier_one_of_the_same_revision()
    {
        var life = new Life();
        var passes = new List<string>();
        foreach (var step in (string[])["ever", "done", "recent", "done", "ever", "done", "ever+suspend", "ever"])
        {
            life.Take(step);
            passes.AddRange(life.Planning.Plan.Segments.Where(s => s.Definition.Dependencies.DependsOnTime == false).Select(s => s.PassId));
        }
        passes.Distinct().ShouldBe(["1", "3", "4"]);
    }

    [Fact]
    public void A_suspended_segment_is_tracked_frozen()
    {
        var life = new Life();
        foreach (var step in (string[])["ever", "done", "ever+suspend"]) life.Take(step);
        life.Planning.Plan.Segments.Single().IsFrozen.ShouldBeTrue();
        life.Planning.Plan.Everything.Segments.ShouldBeEmpty();
    }

    [Fact]
    public void A_segment_waits_for_a_policy_without_break_points_and_is_tracked_once_they_are_there()
    {
        var declared = new Declarations(
            new Dictionary<string, Declared<SegmentSpec>> { ["scored"] = new(Scored, 1) },
            new Dictionary<string, Declared<RfmPolicySpec>> { ["default"] = new(Shop.Quantiles, 1) },
            new Dictionary<string, string>());
        var progress = new PassProgress(1);
        var first = new WorkspacePlanner(declared, Catalog.Empty, progress, _ => false).Plan();
        first.Segments["scored"].WaitsForPolicy.ShouldBe("default");
        first.Plan.Segments.ShouldBeEmpty();
        first.Unscored.ShouldBeEmpty();

        var policy = first.Plan.Policies.Single();
        progress.Report(0, policy.PassKey, policy.PassId);
        var second = new WorkspacePlanner(declared, first.Catalog, progress, _ => false).Plan();
        second.Unscored.ShouldBe(["default"]);

        var points = new Dictionary<string, BreakPointsEntry> { [policy.Key] = new([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], 1, 0, 10) };
        var third = new WorkspacePlanner(declared, second.Catalog with { BreakPoints = points }, progress, _ => false).Plan();
        third.Segments["scored"].WaitsForPolicy.ShouldBeNull();
        third.Plan.Segments.Single().PassId.ShouldBe("1.1");
        third.Plan.Policies.Single().IsServing.ShouldBeTrue();
        third.Plan.Policies.Single().PassId.ShouldBe("1.1");
    }

    /// <summary>One segment through its declarations.</summary>
    private sealed class Life
    {
        private readonly PassProgress _progress = new(1);
        private SegmentSpec? _spec;
        private bool _dropped;
        private long _generation;

        public Catalog Catalog { get; private set; } = Catalog.Empty;

        public Planning Planning { get; private set; } = null!;

        public string State => Catalog.Segments.GetValueOrDefault("s") switch
        {
            null => "gone",
            { Deleting: true } => "deleting",
            var entry => $"{Name(entry.Serving)}/{Name(entry.Building)}",
        };

        public void Take(string step)
        {
            switch (step)
            {
                case "done":
                    foreach (var segment in Planning.Plan.Segments) _progress.Report(0, segment.PassKey, segment.PassId);
                    break;
                case "dropped":
                    _dropped = true;
                    Plan();
                    _dropped = false;
                    break;
                default:
                    _spec = SpecOf(step.Split('+')[0]) is { } spec ? spec with { Suspend = step.EndsWith("+suspend", StringComparison.Ordinal) } : null;
                    _generation++;
                    break;
            }
            Plan();
        }

        public void Plan()
        {
            var segments = new Dictionary<string, Declared<SegmentSpec>>();
            if (_spec is not null) segments["s"] = new Declared<SegmentSpec>(_spec, _generation);
            var declared = new Declarations(segments, new Dictionary<string, Declared<RfmPolicySpec>>(), new Dictionary<string, string>());
            Planning = new WorkspacePlanner(declared, Catalog, _progress, _ => _dropped).Plan();
            Catalog = Planning.Catalog with { Version = Catalog.Version + 1 };
        }

        private static SegmentSpec? SpecOf(string name) => name switch { "ever" => Ever, "recent" => Recent, "bad" => Bad, _ => null };

        private static string Name(SegmentRevision? revision) =>
            revision is null ? "-" : revision.Segments["s"].Match == Ever.Match ? "ever" : "recent";
    }
}
