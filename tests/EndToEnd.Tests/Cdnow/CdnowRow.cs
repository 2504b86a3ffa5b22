using System.Globalization;

namespace EndToEnd.Tests.Cdnow;

/// <summary>One purchase of the CDNOW data; the line is kept as it stands in the file.</summary>
public sealed record CdnowRow(string Customer, DateTimeOffset At, decimal Value, string Line)
{
    /// <summary>The file's path beside the checkout; null when it is not there.</summary>
    public static string? File { get; } = RepositoryRoot.SharedData("cdnow", "CDNOW_master.txt");

    public static string? TruthFile { get; } = RepositoryRoot.SharedData("cdnow", "truth.json");

    public static IReadOnlyList<CdnowRow> ReadAll() => [.. System.IO.File.ReadLines(File!).Skip(1).Where(line => line.Trim().Length > 0).Select(Parse)];

    /// <summary>Writes rows in the file's own form, header included.</summary>
    public static void Write(string path, IEnumerable<CdnowRow> rows) =>
        System.IO.File.WriteAllLines(path, rows.Select(row => row.Line).Prepend(" customer_id  date number_of_cds  dollar_value"));

    private static CdnowRow Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var date = DateTimeOffset.ParseExact(fields[1], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return new CdnowRow(fields[0], date, decimal.Parse(fields[3], CultureInfo.InvariantCulture), line);
    }
}

/// <summary>A test on the CDNOW data; skipped, with the reason, where they are not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CdnowFactAttribute : FactAttribute
{
    public CdnowFactAttribute()
    {
        if (CdnowRow.File is null || CdnowRow.TruthFile is null)
            Skip = "The CDNOW data are not here: put CDNOW_master.txt and truth.json into ../shared/data/cdnow, beside the checkout.";
    }
}
