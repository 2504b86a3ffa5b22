using System.Globalization;

namespace Segmentation.Tests.Cdnow;

/// <summary>The published purchases of a music shop's customers, read in place beside the checkout.</summary>
internal static class CdnowFile
{
    public static string? Folder { get; } = Find();

    /// <summary>Why tests on the data are skipped; null when they are not.</summary>
    public static string? Missing => Folder is null ? "The CDNOW data is not there: ../shared/data/cdnow beside the checkout." : null;

    /// <summary>One event for each line; its number makes the id, because lines that are equal are different orders.</summary>
    public static IEnumerable<CustomerEvent> Orders()
    {
        var number = 0;
        foreach (var line in File.ReadLines(Path.Combine(Folder!, "CDNOW_master.txt")))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var id, var date, _, var dollars] || !char.IsAsciiDigit(id[0]))
                continue;
            yield return new CustomerEvent($"row{++number}", "placed_order", id, Day(date), decimal.Parse(dollars, CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The purchases of each customer of the tenth that the literature fits its models to, in order of time.</summary>
    public static IReadOnlyList<Purchase[]> Sample() =>
    [
        .. File.ReadLines(Path.Combine(Folder!, "CDNOW_sample.txt"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .GroupBy(row => row[1], row => new Purchase(Day(row[2]), decimal.Parse(row[4], CultureInfo.InvariantCulture)))
            .Select(customer => customer.OrderBy(purchase => purchase.AtMs).ToArray()),
    ];

    /// <summary>When a day such as 19970930 begins, in milliseconds since the Unix epoch.</summary>
    public static long Day(string date) =>
        new DateTimeOffset(DateOnly.ParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc))
            .ToUnixTimeMilliseconds();

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "Operator.sln")))
                continue;
            var folder = Path.GetFullPath(Path.Combine(at.FullName, "..", "shared", "data", "cdnow"));
            return Directory.Exists(folder) ? folder : null;
        }

        return null;
    }
}

/// <summary>A test on the data; skipped, saying so, where the data is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CdnowFactAttribute : FactAttribute
{
    public CdnowFactAttribute() => Skip = CdnowFile.Missing;
}

/// <inheritdoc cref="CdnowFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CdnowTheoryAttribute : TheoryAttribute
{
    public CdnowTheoryAttribute() => Skip = CdnowFile.Missing;
}
