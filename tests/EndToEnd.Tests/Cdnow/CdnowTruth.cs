using System.Text.Json;

namespace EndToEnd.Tests.Cdnow;

/// <summary>What must come out: the published counts, and for any instant a recomputation straight from the rows.</summary>
internal static class CdnowTruth
{
    /// <summary>Member counts by segment for each of the truth's instants, in order of time.</summary>
    public static IReadOnlyList<(DateTimeOffset At, IReadOnlyDictionary<string, long> Counts)> Published()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(CdnowRow.TruthFile!));
        return
        [
            .. document.RootElement.GetProperty("counts").EnumerateObject()
                .Select(date => (
                    DateTimeOffset.Parse(date.Name),
                    (IReadOnlyDictionary<string, long>)date.Value.EnumerateObject()
                        .Where(count => count.Name[1] == ':')
                        .ToDictionary(count => count.Name[..1], count => count.Value.GetInt64())))
                .OrderBy(date => date.Item1),
        ];
    }

    /// <summary>The members of each segment at an instant. Written down apart from the engine: plain loops over a customer's rows.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> MembersAt(DateTimeOffset at, IEnumerable<CdnowRow> rows)
    {
        var members = "abcdefh".ToDictionary(letter => letter.ToString(), _ => (IReadOnlyList<string>)new List<string>());
        foreach (var customer in rows.Where(row => row.At <= at).GroupBy(row => row.Customer))
        {
            var year = Within(365);
            var a = year.Length >= 3;
            var b = a && customer.Sum(row => row.Value) > 200m;
            Put("a", a);
            Put("b", b);
            Put("c", b && Within(30).Length == 0);
            Put("d", customer.Count() == 1);
            Put("e", Within(180).Length == 0);
            Put("f", year.Length > 0 && year.Sum(row => row.Value) / year.Length >= 50m);
            Put("h", Within(90).Any(row => row.Value >= 100m));

            CdnowRow[] Within(int days) => [.. customer.Where(row => row.At > at.AddDays(-days))];

            void Put(string segment, bool isMember)
            {
                if (isMember) ((List<string>)members[segment]).Add(customer.Key);
            }
        }

        return members;
    }
}
