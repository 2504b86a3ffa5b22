using System.CommandLine;
using Segmentation.Cli.Generation;
using Segmentation.Cli.Output;

namespace Segmentation.Cli.Commands;

/// <summary><c>generate</c>: writes the history of a simulated shop, to try everything out without anybody's data.</summary>
internal sealed class GenerateCommand : Command, IHasExamples
{
    private const long YearMs = 365L * 86_400_000;

    private readonly Terminal _terminal;

    private readonly Option<int> _customers = new("--customers")
    {
        Description = "How many customers",
        HelpName = "N",
        DefaultValueFactory = _ => 5000,
    };

    private readonly Option<int> _events = new("--events")
    {
        Description = "How many events in all, exactly; at least one for each customer",
        HelpName = "N",
        DefaultValueFactory = _ => 100_000,
    };

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "The same seed and options give the same bytes",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 42,
    };

    private readonly Option<string> _until = new("--until")
    {
        Description = "The end of the history: an instant, or now",
        HelpName = "INSTANT|now",
        DefaultValueFactory = _ => "now",
    };

    private readonly Option<int> _years = new("--years")
    {
        Description = "Its length, in years of 365 days",
        HelpName = "N",
        DefaultValueFactory = _ => 2,
    };

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Where the events go. Default: standard output",
        HelpName = "FILE",
    };

    private readonly Option<string?> _profilesOut = new("--profiles-out")
    {
        Description = "Also write the customers' properties, consent and suppression to this file",
        HelpName = "FILE",
    };

    private readonly Option<OutputFormat?> _output = OutputOption.Create();

    public GenerateCommand(Terminal terminal)
        : base("generate", "Write the history of a simulated shop as JSONL: orders, refunds, opened e-mails, viewed products and carts, in the order of time.")
    {
        _terminal = terminal;
        _customers.InRange(1, 10_000_000);
        _events.InRange(1, 100_000_000);
        _years.InRange(1, 20);
        foreach (Option option in (Option[])[_customers, _events, _seed, _until, _years, _out, _profilesOut, _output])
            Options.Add(option);
        SetAction(RunAsync);
    }

    public string Details => """
        Some customers are loyal, some lapse, about half order only once. One order in 25 is refunded, some only in part.
        Some carts lead to an order, more are abandoned.
        Properties of events: channel and category, and items of orders. Of profiles: country, region, postal_code, latitude, longitude, email, phone,
        birthday, interests, plan, plan_since, trial_ends, renewal, points, first_visit, landing_page; consent by email and sms, suppression of email.
        """;

    public string Examples => """
        kubectl segment generate --customers 5000 --events 100000 --seed 42 --out shop.jsonl --profiles-out customers.jsonl
        kubectl segment generate --seed 7 --until 2026-01-01T00:00:00Z | kubectl segment import - -w acme
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        ShopSettings settings = Read(parsed);
        string? path = parsed.GetValue(_out);
        bool asJson = parsed.GetValue(_output) == OutputFormat.Json;
        if (asJson && path is null)
            throw CliException.BadInput("-o json writes a summary to standard output, where the events go already", "add --out FILE");
        await Meter.RunAsync(_terminal, "Generating", settings.Events, asJson, meter => Task.Run(
            () =>
            {
                ShopHistory history = ShopHistory.Generate(settings);
                var writer = new ShopWriter(settings, history);
                if (parsed.GetValue(_profilesOut) is { } profilesPath)
                {
                    using var profiles = new BufferedStream(File.Create(profilesPath));
                    writer.WriteProfiles(profiles);
                }
                using var events = new BufferedStream(path is null ? _terminal.Output : File.Create(path), 64 * 1024);
                writer.WriteEvents(events, written => meter.Report(written, $"{written:N0} events"), cancellation);
            },
            cancellation));
        Report(settings, path, asJson);
        return ExitCode.Done;
    }

    private ShopSettings Read(ParseResult parsed)
    {
        string until = parsed.GetValue(_until)!;
        long untilMs = _terminal.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (until != "now" && !Rfc3339.TryParse(until, out untilMs))
            throw CliException.BadInput($"--until: '{until}' is not an instant", $"write it like {InstantOption.Example}, or now");
        int customers = parsed.GetValue(_customers);
        int events = parsed.GetValue(_events);
        if (events < customers)
            {
            throw CliException.BadInput(
                $"--events: {events} are too few for {customers} customers, who order once at least", "raise --events or lower --customers");
        }
        long fromMs = (untilMs - (parsed.GetValue(_years) * YearMs)) / 1000 * 1000;
        return new ShopSettings(customers, events, parsed.GetValue(_seed), fromMs, untilMs);
    }

    private void Report(ShopSettings settings, string? path, bool asJson)
    {
        if (asJson)
        {
            JsonOutput.Write(_terminal.Output, json =>
            {
                json.WriteStartObject();
                json.WriteString("file", path);
                json.WriteNumber("customers", settings.Customers);
                json.WriteNumber("events", settings.Events);
                json.WriteNumber("seed", settings.Seed);
                json.WriteString("from", Rfc3339.Format(settings.FromMs));
                json.WriteString("until", Rfc3339.Format(settings.UntilMs));
                json.WriteEndObject();
            });
            return;
        }
        _terminal.Error.WriteLine($"{settings.Events:N0} events of {settings.Customers:N0} customers from {Rfc3339.Format(settings.FromMs)} "
            + $"until {Rfc3339.Format(settings.UntilMs)}, seed {settings.Seed}");
    }
}
