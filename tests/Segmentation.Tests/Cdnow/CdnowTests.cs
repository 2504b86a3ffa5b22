using System.Text.Json;
using static Segmentation.Tests.Shop;

namespace Segmentation.Tests.Cdnow;

public sealed class CdnowTests
{
    [CdnowFact]
    public void The_engine_counts_the_members_that_are_known_for_real_customers()
    {
        var profiles = Profiles();
        using var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(CdnowFile.Folder!, "truth.json")));
        var checkedCounts = 0;
        foreach (var date in truth.RootElement.GetProperty("counts").EnumerateObject())
        {
            Rfc3339.TryParse(date.Name, out var instant).ShouldBeTrue();
            foreach (var (letter, rule) in Segments())
            {
                var known = date.Value.EnumerateObject().Single(p => p.Name.StartsWith($"{letter}:", StringComparison.Ordinal)).Value.GetInt32();
                Members(profiles, rule, instant).ShouldBe(known, $"{letter} on {date.Name}");
                checkedCounts++;
            }
        }

        checkedCounts.ShouldBe(21);
    }

    [CdnowFact]
    public void Following_every_next_change_leads_to_the_same_members_as_asking_anew()
    {
        Rfc3339.TryParse("1998-01-01T00:00:00Z", out var from).ShouldBeTrue();
        Rfc3339.TryParse("1998-07-01T00:00:00Z", out var until).ShouldBeTrue();
        var profiles = Profiles(upTo: from);
        var evaluation = new Evaluation();
        foreach (var (letter, rule) in Segments())
        {
            var segment = new SegmentDefinition(letter, rule);
            foreach (var profile in profiles)
            {
                evaluation.Begin(profile, from);
                var verdict = evaluation.Evaluate(segment);
                while (verdict.NextChangeMs <= until)
                {
                    evaluation.Begin(profile, verdict.NextChangeMs);
                    verdict = evaluation.Evaluate(segment);
                }

                evaluation.Begin(profile, until);
                evaluation.Evaluate(segment).Matches.ShouldBe(verdict.Matches);
            }
        }
    }

    private static (string Letter, Rule Rule)[] Segments()
    {
        var a = Count(Comparison.Gte(3), 365);
        var b = new AllOf([a, Orders(Aggregate.Sum, Comparison.Gt(200), null)]);
        return
        [
            ("a", a),
            ("b", b),
            ("c", new AllOf([b, new NoneOf([Count(Comparison.Gte(1), 30)])])),
            ("d", Count(Comparison.Eq(1))),
            ("e", new AllOf([Count(Comparison.Eq(0), 180), Count(Comparison.Gte(1))])),
            ("f", Orders(Aggregate.Average, Comparison.Gte(50), 365)),
            ("h", Orders(Aggregate.Maximum, Comparison.Gte(100), 90)),
        ];
    }

    private static int Members(IEnumerable<Profile> profiles, Rule rule, long instant)
    {
        var segment = new SegmentDefinition("segment", rule);
        var evaluation = new Evaluation();
        var members = 0;
        foreach (var profile in profiles)
        {
            evaluation.Begin(profile, instant);
            members += evaluation.Evaluate(segment).Matches ? 1 : 0;
        }

        return members;
    }

    private static List<Profile> Profiles(long upTo = long.MaxValue)
    {
        var profiles = new Dictionary<string, Profile>();
        foreach (var order in CdnowFile.Orders().Where(order => order.OccurredAtMs <= upTo))
        {
            if (!profiles.TryGetValue(order.ProfileId, out var profile))
                profiles.Add(order.ProfileId, profile = new Profile(order.ProfileId));
            profile.Add(order).ShouldBeTrue();
        }

        profiles.Count.ShouldBe(23_570);
        return [.. profiles.Values];
    }
}
