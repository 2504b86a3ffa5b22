using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Segmentation.Benchmarks.Live;

/// <summary>Bodies of requests for customers <c>c-0</c>, <c>c-1</c>, …, or of another prefix; ids are unique within a run of the program.</summary>
internal sealed class LiveEvents(int seed, string prefix = "c-")
{
    /// <summary>Stands for an instant that is not known yet; see <see cref="SetInstant"/>.</summary>
    public const string Later = "2001-02-03T04:05:06.789Z";

    private const string ProbeName = "probe";
    private static readonly string[] Categories = ["shoes", "shirts", "bags", "hats", "coats", "toys", "books", "games"];

    private readonly Random _random = new(seed);
    private readonly string _run = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4));
    private int _number;
    private int _probes;

    /// <summary>So many events at an instant: 70 % views, 20 % opened e-mails, 10 % orders of customers taken at random, or of every tenth, or whatever <paramref name="every"/> says.</summary>
    public byte[] Shop(int events, int profiles, string at, string? probe = null, int every = 1)
    {
        var body = new Body(events + 1);
        for (var i = 0; i < events; i++)
        {
            var (profile, choice) = (_random.Next(profiles / every) * every, _random.Next(8));
            switch (_random.Next(10))
            {
                case < 7: body.Add($"{_run}-{_number++}", $"{prefix}{profile}", at, "viewed_product", $",\"properties\":{{\"category\":\"{Categories[choice]}\"}}"); break;
                case < 9: body.Add($"{_run}-{_number++}", $"{prefix}{profile}", at, "opened_email", $",\"properties\":{{\"campaign\":\"news-{choice}\"}}"); break;
                default: body.Add($"{_run}-{_number++}", $"{prefix}{profile}", at, "placed_order", $",\"value\":{5 + _random.Next(200)},\"properties\":{{\"channel\":\"app\"}}"); break;
            }
        }
        if (probe is not null) body.Add($"{_run}-{_number++}", probe, at, ProbeName, "");
        return body.Bytes;
    }

    /// <summary>One event each of the customers from one number up to, without, another.</summary>
    public byte[] One(string name, int from, int to, Func<int, long> atMs)
    {
        var body = new Body(to - from);
        for (var profile = from; profile < to; profile++) body.Add($"{_run}-{_number++}", $"{prefix}{profile}", Instant(atMs(profile)), name, "");
        return body.Bytes;
    }

    /// <summary>One event for each order.</summary>
    public byte[] Orders(IReadOnlyCollection<CustomerOrder> orders)
    {
        var body = new Body(orders.Count);
        foreach (var order in orders)
            body.Add($"{_run}-{_number++}", $"{prefix}{order.Customer}", Instant(order.AtMs), "placed_order", $",\"value\":{order.Cents / 100}.{order.Cents % 100:00}");
        return body.Bytes;
    }

    /// <summary>Another profile of which nothing is known, by whose event the way of an event is timed.</summary>
    public string NewProbe() => string.Create(CultureInfo.InvariantCulture, $"p-{_run}-{_probes++}");

    /// <summary>An instant with three digits of the fraction, always.</summary>
    public static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Puts an instant wherever <see cref="Later"/> stands.</summary>
    public static void SetInstant(byte[] body, long ms)
    {
        var (instant, later) = (Encoding.ASCII.GetBytes(Instant(ms)), Encoding.ASCII.GetBytes(Later));
        for (var rest = body.AsSpan(); rest.IndexOf(later) is >= 0 and var at; rest = rest[(at + later.Length)..]) instant.CopyTo(rest[at..]);
    }

    private sealed class Body(int events)
    {
        private readonly byte[] _buffer = new byte[events * 256];
        private int _length;

        public byte[] Bytes => _buffer.AsSpan(0, _length).ToArray();

        public void Add(string id, string profile, string at, string name, string rest)
        {
            Utf8.TryWrite(
                _buffer.AsSpan(_length), $"{{\"id\":\"{id}\",\"profileId\":\"{profile}\",\"occurredAt\":\"{at}\",\"name\":\"{name}\"{rest}}}\n", out var written);
            _length += written;
        }
    }
}
