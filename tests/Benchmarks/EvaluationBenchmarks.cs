using BenchmarkDotNet.Attributes;
using Segmentation.Resources;

namespace Segmentation.Benchmarks;

/// <summary>
/// One evaluation of one profile against one segment, at instants that move, so that nothing is remembered from the one before. The profile
/// has 120 events of three names over a year and ten properties. Groups are made so that every condition is looked at.
/// </summary>
public class EvaluationBenchmarks
{
    private const long Day = 86_400_000;
    private const long Now = 1_780_000_000_000;

    private readonly Dictionary<string, SegmentDefinition> segments = Compile();
    private readonly Profile profile = Customer();
    private readonly Evaluation evaluation = new();
    private long instant = Now;

    [Params("1 condition", "10 conditions", "100 conditions", "sample: lapsing VIPs", "hostile pattern")]
    public string Segment { get; set; } = "";

    [Benchmark]
    public Verdict Evaluate()
    {
        evaluation.Begin(profile, instant++);
        return evaluation.Evaluate(segments[Segment]);
    }

    private static Dictionary<string, SegmentDefinition> Compile()
    {
        var specs = new Dictionary<string, string>
        {
            ["1 condition"] = Condition(0),
            ["10 conditions"] = All(Enumerable.Range(0, 10).Select(Condition)),
            ["100 conditions"] = All(Enumerable.Range(0, 10).Select(g => All(Enumerable.Range(g * 10, 10).Select(Condition)))),
            ["sample: lapsing VIPs"] = """
                {all: [
                  {event: {name: placed_order, count: {gte: 3}, within: 365d}},
                  {event: {name: placed_order, sum: {of: value, gt: 200}, within: 365d, where: [{property: channel, ne: marketplace}]}},
                  {none: [{event: {name: opened_email, within: 3h}}]},
                  {property: {name: p3, in: ["3", DE, AT]}}]}
                """,
            ["hostile pattern"] = """{property: {name: text, matches: "(a+)+$"}}""",
        };
        return specs.ToDictionary(spec => spec.Key, spec => Definition(spec.Value));
    }

    private static string All(IEnumerable<string> conditions) => $"{{all: [{string.Join(", ", conditions)}]}}";

    // A third each: counts in windows, sums in windows, properties. All of them hold.
    private static string Condition(int i) => (i % 3) switch
    {
        0 => $"{{event: {{name: placed_order, count: {{gte: {1 + (i % 5)}}}, within: {200 + i}d}}}}",
        1 => $"{{event: {{name: placed_order, sum: {{gt: {10 + i}}}, within: {200 + i}d}}}}",
        _ => $"{{property: {{name: p{i % 10}, gte: 0}}}}",
    };

    private static SegmentDefinition Definition(string match)
    {
        var content = ResourceFile.Read($"apiVersion: segmentation.dev/v1alpha1\nkind: Segment\nmetadata: {{name: s}}\nspec:\n  match: {match}\n");
        var workspace = WorkspaceCompiler.Compile(
            new Dictionary<string, SegmentSpec> { ["s"] = content.Segments.Single().Spec },
            new Dictionary<string, RfmPolicySpec>(),
            new Dictionary<string, RfmBreakPoints>());
        return workspace.Segments["s"].Definition ?? throw new InvalidOperationException(workspace.Segments["s"].Problems[0].ToString());
    }

    private static Profile Customer()
    {
        string[] names = ["placed_order", "viewed_product", "opened_email"];
        var customer = new Profile("ada")
        {
            Properties = PropertyBag.Of(
            [
                .. Enumerable.Range(0, 10).Select(i => KeyValuePair.Create($"p{i}", PropertyValue.Of((decimal)i))),
                KeyValuePair.Create("text", PropertyValue.Of(new string('a', 1023) + "b")),
            ]),
        };
        for (var i = 0; i < 120; i++)
        {
            var properties = PropertyBag.Of(("channel", i % 4 == 0 ? "marketplace" : "web"));
            customer.Add(new CustomerEvent($"e-{i}", names[i % 3], "ada", Now - ((120 - i) * 3 * Day), 10 + i, properties));
        }

        return customer;
    }
}
