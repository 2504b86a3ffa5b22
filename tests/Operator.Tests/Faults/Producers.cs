using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Faults;

/// <summary>
/// What sends events, changes, merges and erasures as the shops of this world do: several at once, each request again and again until it is acknowledged, and
/// some once more after that. What was acknowledged is remembered.
/// </summary>
internal sealed class Producers(FaultRig rig, int seed)
{
    private const long DayMs = 24 * 3_600_000L;
    private const int Count = 3;
    private const int Profiles = 60;
    private const int Customers = 12;
    private const string ErasablePrefix = "p-";

    private static readonly string[] Countries = ["DE", "AT", "FR"];

    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private readonly ConcurrentDictionary<string, CustomerEvent> _sent = new();
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = new();
    private readonly Producer[] _producers = [.. Enumerable.Range(0, Count).Select(n => new Producer($"s{n}", new Random(seed + n)))];
    private volatile bool _stops;

    /// <summary>The ids of events and the marks of changes and merges that were acknowledged, each with when it was sent, as <see cref="TimeProvider.GetTimestamp"/> has it.</summary>
    public IReadOnlyDictionary<string, long> Acknowledged => _acknowledged;

    /// <summary>Events by id, acknowledged or not.</summary>
    public IReadOnlyDictionary<string, CustomerEvent> Sent => _sent;

    /// <summary>How often each status was answered.</summary>
    public IReadOnlyDictionary<HttpStatusCode, int> Answers => _answers;

    /// <summary>Whether a profile may be erased. Such a one is not merged: what is left of it depends on when each partition hears of what.</summary>
    public static bool IsErasable(string profile) => profile.StartsWith(ErasablePrefix, StringComparison.Ordinal);

    public static string MarkOfMerge(string profile) => "merge of " + profile;

    /// <summary>Sends while something goes on, and after that until nothing is without acknowledgement.</summary>
    public async Task DuringAsync(Func<Task> something)
    {
        _stops = false;
        var sending = Task.WhenAll(_producers.Select(p => Task.Run(() => SendAsync(p))));
        try
        {
            await something();
        }
        finally
        {
            _stops = true;
        }
        await sending.WaitAsync(TimeSpan.FromMinutes(2), TimeProvider.System);
    }

    /// <summary>Is told that acknowledged ones are lost after all, and sends their events again.</summary>
    public async Task SendAgainAsync(IReadOnlyCollection<string> lost)
    {
        foreach (var id in lost) _acknowledged.TryRemove(id, out _);
        var events = lost.Select(id => _sent.GetValueOrDefault(id)).OfType<CustomerEvent>().ToArray();
        foreach (var some in events.Chunk(100)) await SendAsync(HttpMethod.Post, "events", some);
    }

    private async Task SendAsync(Producer producer)
    {
        var random = producer.Random;
        while (!_stops)
        {
            switch (random.Next(100))
            {
                case < 80:
                    var events = Enumerable.Range(0, random.Next(1, 5)).Select(_ => NextEvent(producer)).ToArray();
                    await SendAsync(HttpMethod.Post, "events", events);
                    if (random.Next(10) == 0) await SendAsync(HttpMethod.Post, "events", events);
                    break;
                case < 92:
                    var mark = $"{producer.Name}-{producer.Number++}";
                    var body = $$$"""{"properties":{"country":"{{{Countries[random.Next(Countries.Length)]}}}","mark":"{{{mark}}}"}}""";
                    await UntilAcknowledgedAsync(random.Next(2) == 0 ? HttpMethod.Put : HttpMethod.Patch, $"profiles/{NextProfile(producer)}", body, "application/json", [mark]);
                    break;
                case < 97:
                    await MergeVisitorAsync(producer);
                    break;
                default:
                    await UntilAcknowledgedAsync(HttpMethod.Delete, $"profiles/{ErasablePrefix}{random.Next(Profiles)}", null, "", []);
                    break;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), TimeProvider.System);
        }
    }

    // Into a customer, or into another visitor, who counts for somebody already; events go on to arrive for both.
    private async Task MergeVisitorAsync(Producer producer)
    {
        var random = producer.Random;
        var visitor = producer.Visitor(producer.VisitorsMerged);
        var into = producer.VisitorsMerged > 0 && random.Next(3) == 0 ? producer.Visitor(random.Next(producer.VisitorsMerged)) : Customer(random);
        await UntilAcknowledgedAsync(HttpMethod.Post, $"profiles/{visitor}/merge", $$"""{"into":"{{into}}"}""", "application/json", [MarkOfMerge(visitor)]);
        producer.VisitorsMerged++;
    }

    private Task SendAsync(HttpMethod method, string path, IReadOnlyCollection<CustomerEvent> events)
    {
        foreach (var e in events) _sent[e.Id] = e;
        var lines = events.Select(e => Encoding.UTF8.GetString(EventLog.Line(e).Span));
        return UntilAcknowledgedAsync(method, path, string.Join('\n', lines), "application/x-ndjson", [.. events.Select(e => e.Id)]);
    }

    private async Task UntilAcknowledgedAsync(HttpMethod method, string path, string? body, string type, IReadOnlyCollection<string> ids)
    {
        var bytes = body is null ? null : Encoding.UTF8.GetBytes(body);
        long sentAt;
        while (true)
        {
            sentAt = TimeProvider.System.GetTimestamp();
            var answer = await rig.TrySendAsync(method, path, bytes, type);
            if (answer is not null) _answers.AddOrUpdate(answer.Status, 1, (_, n) => n + 1);
            if (answer?.Status == HttpStatusCode.Accepted)
            {
                if (path == "events") answer.Accepted.ShouldBe(ids.Count, answer.Body);
                break;
            }
            if (answer is not null) answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, answer.Body);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        foreach (var id in ids) _acknowledged.TryAdd(id, sentAt);
    }

    // Some occurred so long ago that they leave a window within seconds, and some occur in seconds: time moves members, too.
    private CustomerEvent NextEvent(Producer producer)
    {
        var random = producer.Random;
        var age = random.Next(6) switch
        {
            0 => (30 * DayMs) - random.Next(4_000),
            1 => (10 * DayMs) - random.Next(4_000),
            2 or 3 => random.Next(3_000),
            4 => -random.Next(3_000),
            _ => random.NextInt64(40 * DayMs),
        };
        var number = producer.Number++;
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var e = new CustomerEvent($"{producer.Name}-{number}", "placed_order", NextProfile(producer), nowMs - age, random.Next(100, 6_000) / 100m);
        return random.Next(8) switch
        {
            0 => e with { Name = "opened_email", Value = null },
            1 when number > 0 => Refund(e, $"{producer.Name}-{(random.Next(5) == 0 ? number + random.Next(1, 10) : random.Next(Math.Max(0, number - 40), number))}"),
            _ => e,
        };
    }

    private static string NextProfile(Producer producer)
    {
        var random = producer.Random;
        return random.Next(8) switch
        {
            0 => Customer(random),
            1 or 2 => producer.Visitor(random.Next(Math.Max(0, producer.VisitorsMerged - 4), producer.VisitorsMerged + 1)),
            _ => $"{ErasablePrefix}{random.Next(Profiles)}",
        };
    }

    private static string Customer(Random random) => $"c-{random.Next(Customers)}";

    // Of an order that was sent, or of one that may come later.
    private CustomerEvent Refund(CustomerEvent e, string id) =>
        e with { Name = "refunded_order", Refunds = id, ProfileId = _sent.GetValueOrDefault(id)?.ProfileId ?? e.ProfileId };

    private sealed class Producer(string name, Random random)
    {
        public string Name => name;

        public Random Random => random;

        public int Number { get; set; }

        /// <summary>The first so many visitors were merged, each once; the next one is there and was not.</summary>
        public int VisitorsMerged { get; set; }

        public string Visitor(int number) => $"v-{name}-{number}";
    }
}
