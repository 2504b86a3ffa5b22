using System.Globalization;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>What the steps of one run have measured, kept in a file between them: a name and a value a line.</summary>
internal sealed class Figures(string path)
{
    public void Add(string name, FormattableString value) => File.AppendAllText(path, $"{name} {FormattableString.Invariant(value)}\n");

    public IReadOnlyDictionary<string, string> Read() =>
        File.ReadLines(path).Select(line => line.Split(' ', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public static double Number(IReadOnlyDictionary<string, string> figures, string name) => double.Parse(figures[name], CultureInfo.InvariantCulture);
}
