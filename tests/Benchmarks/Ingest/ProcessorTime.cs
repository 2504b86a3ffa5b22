using System.Globalization;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>Processor time of another process and the children that it has waited for, by <c>/proc</c>.</summary>
internal static class ProcessorTime
{
    // USER_HZ, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public static double Seconds(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");

        // After the command's closing parenthesis come the state and then numbers: user and system time, and those of the children, from the twelfth on.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
