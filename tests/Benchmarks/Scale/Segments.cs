using System.Globalization;
using System.Text.Json;
using Kubernetes.Model;
using Segmentation.Resources;

namespace Segmentation.Benchmarks.Scale;

/// <summary>Segments as shops have them: four shapes in turn, each with numbers of its own.</summary>
internal static class Segments
{
    public static Segment Numbered(int number, string @namespace) => new()
    {
        Metadata = new ObjectMeta { Name = $"segment-{number}", Namespace = @namespace },
        Spec = JsonSerializer.Deserialize(SpecOf(number), ResourcesJson.Default.Segment)!.Spec,
    };

    private static string SpecOf(int number)
    {
        var match = (number % 4) switch
        {
            0 => """{"all":[{"event":{"name":"order","count":{"gte":2},"within":"365d"}},{"none":[{"event":{"name":"order","within":"NUMBERd"}}]}]}""",
            1 => """{"event":{"name":"order","sum":{"of":"value","gte":NUMBER},"within":"180d"}}""",
            2 => """{"all":[{"property":{"name":"country","in":["DE","AT","CH"]}},{"property":{"name":"points","gte":NUMBER}}]}""",
            _ => """{"event":{"name":"page_view","count":{"gte":NUMBER},"within":"7d"}}""",
        };
        return $$$"""{"spec":{"match":{{{match.Replace("NUMBER", (1 + (number % 300)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}}}}}""";
    }
}
