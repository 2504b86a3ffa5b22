using System.Globalization;
using Segmentation.Cli.Output;

namespace Segmentation.Cli.Import;

/// <summary>Says how an import ended.</summary>
internal static class ImportReport
{
    public static void WriteText(Terminal terminal, ImportSummary summary, string? rejectsPath)
    {
        WriteRejected(terminal.Error, summary.FirstRejected, summary.Rejected, rejectsPath);
        string seconds = summary.Elapsed.TotalSeconds.ToString("N1", CultureInfo.InvariantCulture);
        string rate = Meter.Rate(summary.AcceptedNow, summary.Elapsed, "events");
        terminal.Out.WriteLine($"imported {rate} in {seconds} s; {summary.Rejected:N0} rows rejected");
        if (summary.ResumedBehindLine is { } line)
            terminal.Out.WriteLine($"together with the interrupted run, which reached line {line:N0}: {summary.Accepted:N0} events");
        if (summary.IgnoredFields > 0)
            terminal.Out.WriteLine($"{summary.IgnoredFields:N0} unknown fields were ignored");
    }

    public static void WriteJson(Terminal terminal, string path, ImportSummary summary) => JsonOutput.Write(terminal.Output, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteNumber("events", summary.Accepted);
        json.WriteNumber("rejected", summary.Rejected);
        json.WriteNumber("ignoredFields", summary.IgnoredFields);
        json.WriteNumber("seconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
        json.WriteNumber("eventsPerSecond", Math.Round(summary.AcceptedNow / Math.Max(summary.Elapsed.TotalSeconds, 0.001)));
        if (summary.ResumedBehindLine is { } line)
            json.WriteNumber("resumedBehindLine", line);
        json.WriteStartArray("firstRejected");
        foreach (RejectedRow row in summary.FirstRejected)
        {
            json.WriteStartObject();
            json.WriteNumber("line", row.Line);
            json.WriteString("reason", row.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Lists the first rejected rows, and says where the others are.</summary>
    public static void WriteRejected(TextWriter output, IReadOnlyList<RejectedRow> first, long count, string? rejectsPath)
    {
        foreach (RejectedRow row in first)
            output.WriteLine($"line {row.Line}: {row.Reason}");
        if (count > first.Count)
            output.WriteLine(rejectsPath is null
                ? $"... {count:N0} rows rejected in all; --rejects FILE keeps every one"
                : $"... {count:N0} rows rejected in all; see {rejectsPath}");
    }
}
