using System.Text;

namespace Segmentation.Cli.Tests.Support;

/// <summary>Numbered events as JSONL.</summary>
internal static class SampleEvents
{
    public static string Event(int number) =>
        $"{{\"id\":\"e-{number}\",\"name\":\"placed_order\",\"profileId\":\"p-{number % 7}\",\"occurredAt\":\"2026-01-01T00:00:00Z\",\"value\":12.34}}";

    public static IEnumerable<string> Ids(int count) => Enumerable.Range(1, count).Select(i => $"e-{i}");

    public static string WriteEvents(this TemporaryFolder folder, int count)
    {
        var text = new StringBuilder();
        for (int i = 1; i <= count; i++)
            text.Append(Event(i)).Append('\n');
        return folder.Write("events.jsonl", text.ToString());
    }
}
