using System.Text.Json;
using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class GenerateTests : IDisposable
{
    private static readonly string[] _small = ["generate", "--customers", "500", "--events", "10000", "--until", "2026-01-01T00:00:00Z"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes()
    {
        CliRun first = await CliRun.OfAsync([.. _small, "--seed", "7", "--profiles-out", _folder["first"]]);
        CliRun second = await CliRun.OfAsync([.. _small, "--seed", "7", "--profiles-out", _folder["second"]]);
        CliRun other = await CliRun.OfAsync([.. _small, "--seed", "8"]);

        first.Code.ShouldBe(0, first.Error);
        (first.Out == second.Out).ShouldBeTrue();
        File.ReadAllText(_folder["first"]).ShouldBe(File.ReadAllText(_folder["second"]));
        (first.Out == other.Out).ShouldBeFalse();
    }

    [Fact]
    public async Task The_sequence_of_a_seed_stays_from_release_to_release()
    {
        CliRun run = await CliRun.OfAsync("generate", "--customers", "2", "--events", "4", "--seed", "1", "--until", "2026-01-01T00:00:00Z");

        run.Out.ShouldBe(KnownHistory.Text);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 50)]
    [InlineData(300, 300)]
    [InlineData(300, 301)]
    [InlineData(500, 10_000)]
    public async Task There_are_exactly_as_many_events_as_asked_for_and_everyone_orders(int customers, int events)
    {
        List<CustomerEvent> history = Read(await CliRun.OfAsync(
            "generate", "--customers", $"{customers}", "--events", $"{events}", "--until", "2026-01-01T00:00:00Z"));

        history.Count.ShouldBe(events);
        history.Select(one => one.Id).Distinct().Count().ShouldBe(events);
        history.Where(one => one.Name == "placed_order").Select(one => one.ProfileId).Distinct().Count().ShouldBe(customers);
    }

    [Fact]
    public async Task Events_come_in_the_order_of_time_and_within_the_years_asked_for()
    {
        List<CustomerEvent> history = Read(await CliRun.OfAsync([.. _small, "--years", "1"]));

        history.Select(one => one.OccurredAtMs).ShouldBeInOrder();
        history[0].OccurredAtMs.ShouldBeGreaterThanOrEqualTo(Ms("2025-01-01T00:00:00Z"));
        history[^1].OccurredAtMs.ShouldBeLessThan(Ms("2026-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task Refunds_follow_an_order_of_the_same_customer_and_take_back_no_more_than_it()
    {
        List<CustomerEvent> history = Read(await CliRun.OfAsync(_small));
        Dictionary<string, CustomerEvent> byId = history.ToDictionary(one => one.Id);
        CustomerEvent[] refunds = [.. history.Where(one => one.Name == "refunded_order")];

        refunds.Length.ShouldBe(120);
        foreach (CustomerEvent refund in refunds)
        {
            CustomerEvent order = byId[refund.Refunds!];
            order.ProfileId.ShouldBe(refund.ProfileId);
            order.OccurredAtMs.ShouldBeLessThan(refund.OccurredAtMs);
            refund.Value!.Value.ShouldBeLessThanOrEqualTo(order.Value!.Value);
        }
        refunds.Count(refund => refund.Value < byId[refund.Refunds!].Value).ShouldBeInRange(10, 60);
    }

    [Fact]
    public async Task Customers_differ_some_order_once_and_some_again_and_again()
    {
        List<CustomerEvent> history = Read(await CliRun.OfAsync(_small));
        int[] orders = [.. history.Where(one => one.Name == "placed_order").GroupBy(one => one.ProfileId).Select(group => group.Count())];

        orders.Count(count => count == 1).ShouldBeInRange(150, 350);
        orders.Max().ShouldBeGreaterThan(20);
        history.Where(one => one.Name == "placed_order").ShouldAllBe(order => order.Value!.Value.Scale == 2 && order.Value > 0);
    }

    [Fact]
    public async Task Some_carts_become_orders_within_the_hour_and_more_do_not()
    {
        List<CustomerEvent> history = Read(await CliRun.OfAsync(_small));
        ILookup<string, CustomerEvent> byProfile = history.ToLookup(one => one.ProfileId);
        CustomerEvent[] carts = [.. history.Where(one => one.Name == "added_to_cart")];
        int ordered = carts.Count(cart => byProfile[cart.ProfileId].Any(one => one.Name == "placed_order" && IsWithinAnHour(cart, one)));

        carts.Length.ShouldBeInRange(300, 700);
        ordered.ShouldBeInRange(carts.Length / 4, carts.Length / 2);
        carts.Count(cart => byProfile[cart.ProfileId].Any(one => one.Name == "viewed_product" && IsWithinAnHour(one, cart))).ShouldBeGreaterThan(carts.Length - 5);
        history.Count(one => one.Name == "started_checkout").ShouldBeInRange(carts.Length / 4, carts.Length * 3 / 4);
        static bool IsWithinAnHour(CustomerEvent first, CustomerEvent then) => then.OccurredAtMs - first.OccurredAtMs is > 0 and < 3_600_000;
    }

    [Fact]
    public async Task Mails_are_opened_by_those_who_agreed_until_they_withdraw_it()
    {
        List<CustomerEvent> history = Read(await CliRun.OfAsync([.. _small, "--profiles-out", _folder["profiles"]]));
        Dictionary<string, JsonElement> consents = ReadProfiles(_folder["profiles"]).ToDictionary(profile => profile.GetProperty("id").GetString()!, profile => profile.GetProperty("consent"));
        var opened = history.Where(one => one.Name == "opened_email").ToLookup(one => consents[one.ProfileId].TryGetProperty("email", out JsonElement email) ? email.GetProperty("status").GetString() : "never");

        consents.Count.ShouldBe(500);
        opened["never"].ShouldBeEmpty();
        opened["subscribed"].ShouldNotBeEmpty();
        opened["unsubscribed"].ShouldNotBeEmpty();
        opened["unsubscribed"].ShouldAllBe(mail => mail.OccurredAtMs <= Ms(consents[mail.ProfileId].GetProperty("email").GetProperty("since").GetString()!));
    }

    [Theory]
    [InlineData("email")]
    [InlineData("sms")]
    public async Task Customers_have_agreed_or_declined_or_were_never_asked(string channel)
    {
        await CliRun.OfAsync([.. _small, "--profiles-out", _folder["profiles"]]);
        var statuses = ReadProfiles(_folder["profiles"])
            .GroupBy(profile => profile.GetProperty("consent").TryGetProperty(channel, out JsonElement consent) ? consent.GetProperty("status").GetString()! : "never")
            .ToDictionary(group => group.Key, group => group.Count());

        statuses.Keys.Order().ShouldBe(["never", "subscribed", "unsubscribed"]);
        statuses.Values.Min().ShouldBeGreaterThan(30);
    }

    [Fact]
    public async Task Every_line_of_the_profiles_is_one_that_the_server_takes()
    {
        await CliRun.OfAsync([.. _small, "--profiles-out", _folder["profiles"]]);
        string[] problems = [.. File.ReadLines(_folder["profiles"])
            .Select(line => ProfileUpdateJson.TryRead(System.Text.Encoding.UTF8.GetBytes(line), Ms("2026-01-01T00:00:00Z"), out _, out string? error) ? "" : error)];

        problems.ShouldAllBe(problem => problem == "");
    }

    [Fact]
    public async Task Now_is_the_clock_of_the_machine()
    {
        List<CustomerEvent> history = Read(await CliRun.OfAsync(new CliSurroundings { Time = new HastyTime() }, "generate", "--customers", "50", "--events", "1000"));

        history[^1].OccurredAtMs.ShouldBeLessThan(Ms("2026-01-01T00:00:00Z"));
        history[^1].OccurredAtMs.ShouldBeGreaterThan(Ms("2025-12-01T00:00:00Z"));
    }

    [Fact]
    public async Task The_summary_as_JSON_goes_where_no_events_go()
    {
        CliRun clash = await CliRun.OfAsync([.. _small, "-o", "json"]);
        CliRun run = await CliRun.OfAsync([.. _small, "-o", "json", "--out", _folder["events"]]);

        clash.Code.ShouldBe(2);
        clash.Out.ShouldBeEmpty();
        run.Json.GetProperty("events").GetInt32().ShouldBe(10_000);
        File.ReadLines(_folder["events"]).Count().ShouldBe(10_000);
    }

    [Theory]
    [InlineData("--events", "--customers", "11", "--events", "10")]
    [InlineData("--until", "--until", "tomorrow")]
    [InlineData("--years", "--years", "0")]
    public async Task Settings_that_make_no_shop_are_bad_usage(string named, params string[] options)
    {
        CliRun run = await CliRun.OfAsync(["generate", .. options]);

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldContain(named);
        run.Out.ShouldBeEmpty();
    }

    private static List<CustomerEvent> Read(CliRun run)
    {
        run.Code.ShouldBe(0, run.Error);
        var events = new List<CustomerEvent>();
        foreach (string line in run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            EventJson.TryRead(System.Text.Encoding.UTF8.GetBytes(line), EventLimits.None, out CustomerEvent? read, out EventError error, out int ignored)
                .ShouldBeTrue(error.ToString());
            ignored.ShouldBe(0);
            events.Add(read!);
        }
        return events;
    }

    private static JsonElement[] ReadProfiles(string path) => [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)];

    private static long Ms(string text)
    {
        Rfc3339.TryParse(text, out long ms).ShouldBeTrue();
        return ms;
    }
}
