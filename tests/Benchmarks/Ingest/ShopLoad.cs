using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace Segmentation.Benchmarks.Ingest;

/// <summary>What the load consists of.</summary>
/// <param name="Profiles">How many customers there are.</param>
/// <param name="Events">How many events are sent, duplicates included.</param>
/// <param name="IsZipf">Whether the customer at rank r does so much as r to the power of −0.99; otherwise all do the same.</param>
/// <param name="UntilMs">The instant at which the stream ends, ms since the Unix epoch; a full hour.</param>
internal sealed record LoadSettings(int Profiles, int Events, bool IsZipf, long UntilMs);

/// <summary>The kinds of events; their numbers stand in the peer's table.</summary>
internal enum ShopEventKind : byte
{
    View = 0,
    Open = 1,
    Order = 2,
}

/// <param name="Number">Names the event.</param>
/// <param name="Choice">Which category, campaign or channel.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShopEvent(int Number, int Profile, ShopEventKind Kind, long OccurredAtMs, int Cents, byte Choice);

/// <summary>
/// Sixty days of a shop: 70 % views, 20 % opened e-mails, 10 % orders, in the order of arrival. One event in a hundred is one of the latest 100,000
/// sent again, two in a hundred arrive up to an hour late. Nothing happens in the last quarter of an hour, and windows are full hours, so that
/// no membership changes by time from then to the next hour. The same settings give the same bytes.
/// </summary>
internal static class ShopLoad
{
    private const int Seed = 42;
    private const long HourMs = 3_600_000;
    private const long SpanMs = 60 * 24 * HourMs;

    private static readonly string[] Categories = ["shoes", "shirts", "bags", "hats", "coats", "toys", "books", "games"];
    private static readonly string[] Channels = ["app", "web", "store"];

    public static ShopEvent[] Generate(LoadSettings settings)
    {
        var random = new Random(Seed);
        var ranks = settings.IsZipf ? ZipfSums(settings.Profiles) : null;
        var events = new ShopEvent[settings.Events];
        var arrivals = new double[settings.Events];
        var perMs = settings.Events / (double)SpanMs;
        for (var i = 0; i < events.Length; i++)
        {
            arrivals[i] = i;
            if (i > 0 && random.Next(100) == 0)
            {
                events[i] = events[random.Next(Math.Max(0, i - 100_000), i)];
                continue;
            }
            var at = settings.UntilMs - SpanMs + (long)(i / perMs);
            var kind = random.Next(10) switch { < 7 => ShopEventKind.View, < 9 => ShopEventKind.Open, _ => ShopEventKind.Order };
            var cents = kind == ShopEventKind.Order ? 500 + random.Next(20_000) : 0;
            events[i] = new(i, PickProfile(random, ranks, settings.Profiles), kind, at - (at % HourMs) + (at % HourMs * 3 / 4), cents, PickChoice(random, kind));
            if (random.Next(50) == 0) arrivals[i] += random.NextDouble() * HourMs * perMs;
        }
        Array.Sort(arrivals, events);
        return events;
    }

    /// <summary>The events as bodies of requests: NDJSON, so many events each.</summary>
    public static byte[][] Chunks(ShopEvent[] events, int eventsPerChunk)
    {
        var buffer = new byte[eventsPerChunk * 512];
        return [.. events.Chunk(eventsPerChunk).Select(chunk =>
        {
            var length = 0;
            foreach (var e in chunk) length += Write(e, buffer.AsSpan(length));
            return buffer.AsSpan(0, length).ToArray();
        })];
    }

    private static int Write(in ShopEvent e, Span<byte> buffer)
    {
        var occurredAt = Rfc3339.Format(e.OccurredAtMs);
        var rest = e.Kind switch
        {
            ShopEventKind.View => $"\"viewed_product\",\"properties\":{{\"category\":\"{Categories[e.Choice]}\"}}",
            ShopEventKind.Open => $"\"opened_email\",\"properties\":{{\"campaign\":\"news-{e.Choice}\"}}",
            _ => string.Create(CultureInfo.InvariantCulture, $"\"placed_order\",\"value\":{e.Cents / 100m},\"properties\":{{\"channel\":\"{Channels[e.Choice]}\"}}"),
        };
        Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"{{\"id\":\"e-{e.Number}\",\"profileId\":\"c-{e.Profile}\",\"occurredAt\":\"{occurredAt}\",\"name\":{rest}}}\n", out var written);
        return written;
    }

    private static byte PickChoice(Random random, ShopEventKind kind) =>
        (byte)random.Next(kind switch { ShopEventKind.View => Categories.Length, ShopEventKind.Open => 50, _ => Channels.Length });

    private static int PickProfile(Random random, double[]? sums, int profiles)
    {
        if (sums is null) return random.Next(profiles);
        var rank = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return rank < 0 ? Math.Min(~rank, profiles - 1) : rank;
    }

    private static double[] ZipfSums(int profiles)
    {
        var sums = new double[profiles];
        var sum = 0.0;
        for (var i = 0; i < profiles; i++) sums[i] = sum += Math.Pow(i + 1, -0.99);
        return sums;
    }
}
