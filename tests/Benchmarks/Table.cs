namespace Segmentation.Benchmarks;

/// <summary>Prints a table of Markdown.</summary>
internal static class Table
{
    public static void Head(params string[] columns)
    {
        Row([.. columns.Select(column => (FormattableString)$"{column}")]);
        Row([.. columns.Select(_ => (FormattableString)$"---")]);
    }

    public static void Row(params FormattableString[] cells) => Console.WriteLine($"| {string.Join(" | ", cells.Select(FormattableString.Invariant))} |");
}
