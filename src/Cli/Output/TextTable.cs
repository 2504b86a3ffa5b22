namespace Segmentation.Cli.Output;

/// <summary>Columns as kubectl prints them: upper-case titles, three spaces between, no borders, never wrapped.</summary>
internal sealed class TextTable(params string[] titles)
{
    private readonly List<string[]> _rows = [titles];

    /// <summary>Adds a row; it has as many cells as the table has titles.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    public void WriteTo(TextWriter output, string indent = "")
    {
        int[] widths = [.. titles.Select((_, column) => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) => cell.PadRight(widths[column]));
            output.WriteLine((indent + string.Join("   ", cells)).TrimEnd());
        }
    }
}
