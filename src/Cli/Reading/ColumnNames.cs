using System.Globalization;

namespace Segmentation.Cli.Reading;

/// <summary>The columns of a file: by the names in its header, or by 1-based numbers.</summary>
/// <param name="header">Null when the file has none.</param>
internal sealed class ColumnNames(string[]? header)
{
    /// <summary>The 0-based index of a column.</summary>
    /// <param name="option">The option that names it, for the error.</param>
    /// <param name="column">A name from the header, else a 1-based number.</param>
    /// <exception cref="CliException">There is no such column, or its name is there twice.</exception>
    public int Find(string option, string column)
    {
        if (TryFind(column, out int index))
            return index;
        bool isNumber = int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 10_000;
        if (isNumber && (header is null || number <= header.Length))
            return number - 1;
        if (header is null)
            throw CliException.BadInput($"{option}: '{column}' is not a column number; the first column is 1",
                "without --no-header the first line gives the columns their names");
        string problem = header.Count(name => name == column) > 1 ? "is the name of several columns" : "is not a column";
        throw CliException.BadInput($"{option}: '{column}' {problem} of this file",
            $"its columns are: {string.Join(", ", header)}; a number such as 2 works too");
    }

    /// <summary>Whether the header has exactly one column of this name.</summary>
    public bool TryFind(string name, out int index)
    {
        index = header is null ? -1 : Array.IndexOf(header, name);
        return index >= 0 && Array.LastIndexOf(header!, name) == index;
    }
}
