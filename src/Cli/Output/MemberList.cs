using System.Text.Json;
using Segmentation.Cli.Server;

namespace Segmentation.Cli.Output;

/// <summary>Writes members page by page, so that a segment of millions needs no more memory than one page.</summary>
internal static class MemberList
{
    public static async Task WriteTableAsync(Terminal terminal, MemberPages pages, CancellationToken cancellation)
    {
        int idWidth = 0;
        long written = 0;
        await foreach (IReadOnlyList<Member> page in pages.ReadAsync(cancellation))
        {
            if (idWidth == 0)
            {
                idWidth = page.Select(member => member.ProfileId.Length).Append("PROFILE".Length).Max();
                await terminal.Out.WriteLineAsync($"{"PROFILE".PadRight(idWidth)}   JOINED");
            }
            foreach (Member member in page)
                await terminal.Out.WriteLineAsync($"{member.ProfileId.PadRight(idWidth)}   {member.JoinedAt}");
            written += page.Count;
        }
        await terminal.Error.WriteLineAsync(pages.HasMore
            ? $"{written:N0} of {pages.Count:N0} members; --limit 0 lists all"
            : $"{pages.Count:N0} members");
    }

    public static async Task WriteJsonAsync(Terminal terminal, string segment, MemberPages pages, CancellationToken cancellation)
    {
        await using var json = new Utf8JsonWriter(terminal.Output, JsonOutput.Options);
        bool isFirst = true;
        await foreach (IReadOnlyList<Member> page in pages.ReadAsync(cancellation))
        {
            if (isFirst)
                WriteStart(json, segment, pages.Count);
            isFirst = false;
            foreach (Member member in page)
            {
                json.WriteStartObject();
                json.WriteString("profileId", member.ProfileId);
                json.WriteString("joinedAt", member.JoinedAt);
                json.WriteEndObject();
            }
            await json.FlushAsync(cancellation);
        }
        json.WriteEndArray();
        json.WriteBoolean("more", pages.HasMore);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        terminal.Output.WriteByte((byte)'\n');
    }

    private static void WriteStart(Utf8JsonWriter json, string segment, long count)
    {
        json.WriteStartObject();
        json.WriteString("segment", segment);
        json.WriteNumber("count", count);
        json.WriteStartArray("members");
    }
}
