using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

public sealed class CsvImportTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private EventServer _server = null!;

    public async Task InitializeAsync() => _server = await EventServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Columns_become_the_parts_of_an_event()
    {
        CliRun run = await ImportAsync(
            "order,who,when,total,country,items,gift,of\nA1,p-1,2011-06-01T12:34:56Z,12.30,Germany,3,yes,A0\n",
            "--id", "order", "--event", "placed_order", "--profile", "who", "--time", "when", "--value", "total", "--refunds", "of",
            "--property", "country", "--property", "items=count:number", "--property", "gift:boolean");

        run.Code.ShouldBe(0, run.ToString());
        PropertyBag properties = PropertyBag.Of(
            ("country", PropertyValue.Of("Germany")), ("count", PropertyValue.Of(3m)), ("gift", PropertyValue.Of(true)));
        CustomerEvent taken = _server.Events["A1"];
        taken.ShouldBe(new CustomerEvent("A1", "placed_order", "p-1", Ms("2011-06-01T12:34:56Z"), 12.30m, properties, "A0"));
        taken.Value!.Value.Scale.ShouldBe((byte)2);
    }

    [Fact]
    public async Task Columns_that_are_named_like_the_parts_need_no_options()
    {
        CliRun run = await ImportAsync("value,id,name,profileId,occurredAt\n1.5,e-1,seen,p-1,2026-01-01T00:00:00+02:00\n,e-2,seen,p-1,2026-01-01T00:00:00Z\n");

        run.Code.ShouldBe(0, run.ToString());
        _server.Events["e-1"].ShouldBe(new CustomerEvent("e-1", "seen", "p-1", Ms("2025-12-31T22:00:00Z"), 1.5m));
        _server.Events["e-2"].Value.ShouldBeNull();
    }

    [Fact]
    public async Task Without_a_header_columns_are_numbers_and_ids_can_be_made_from_rows()
    {
        CliRun run = await ImportAsync("p-1;1325376000\n\np-2;1325376001.5\n",
            "--no-header", "--delimiter", ";", "--id-from-row", "shop-", "--event", "seen", "--profile", "1", "--time", "2", "--time-format", "unix");

        run.Code.ShouldBe(0, run.ToString());
        _server.Events["shop-1"].ProfileId.ShouldBe("p-1");
        _server.Events["shop-2"].OccurredAtMs.ShouldBe(1_325_376_001_500);
    }

    [Theory]
    [InlineData("yyyyMMdd", "UTC", "20260131", "2026-01-31T00:00:00Z")]
    [InlineData("dd.MM.yyyy HH:mm", "Europe/Berlin", "31.01.2026 09:30", "2026-01-31T08:30:00Z")]
    [InlineData("dd.MM.yyyy HH:mm", "Europe/Berlin", "31.07.2026 09:30", "2026-07-31T07:30:00Z")]
    [InlineData("yyyy-MM-dd HH:mm", "Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:30:00Z")]
    [InlineData("yyyy-MM-dd HH:mm", "Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z")]
    [InlineData("yyyy-MM-dd HH:mm zzz", "Europe/Berlin", "2026-01-31 09:30 -05:00", "2026-01-31T14:30:00Z")]
    [InlineData("unix-ms", "UTC", "1769851800123", "2026-01-31T09:30:00.123Z")]
    public async Task Times_are_read_in_the_form_and_zone_that_the_options_name(string format, string zone, string text, string expected)
    {
        CliRun run = await ImportAsync($"id,name,profileId,occurredAt\ne,seen,p,{text}\n", "--time-format", format, "--time-zone", zone);

        run.Code.ShouldBe(0, run.ToString());
        _server.Events["e"].OccurredAtMs.ShouldBe(Ms(expected));
    }

    [Fact]
    public async Task Rows_that_are_no_events_are_rejected_with_line_and_column()
    {
        string[] rows =
        [
            "id,name,profileId,occurredAt,value,items,gift",
            "e-1,seen,p,yesterday,1,1,true",
            "e-2,seen,p,2026-01-01T00:00:00Z,\"1,234.50\",1,true",
            "e-3,seen,p,2026-01-01T00:00:00Z,1",
            "\"e\n4\",seen,p,2026-01-01T00:00:00Z,NaN,1,true",
            ",seen,p,2026-01-01T00:00:00Z,1,1,true",
            "e-6,seen,p,2026-01-01T00:00:00Z,1,1,maybe",
            "e-7,seen,p,2026-01-01T00:00:00Z,1,1,true",
        ];

        CliRun run = await ImportAsync(string.Join('\n', rows), "--property", "items:number", "--property", "gift:boolean");

        run.Code.ShouldBe(1, run.ToString());
        run.Error.ShouldContain("line 2: column 4 (occurredAt): \"yesterday\" is not RFC 3339");
        run.Error.ShouldContain("line 3: column 5 (value) is not a number");
        run.Error.ShouldContain("line 4: the row has 5 columns, and column 7 is wanted");
        run.Error.ShouldContain("line 5: column 5 (value) is not a number");
        run.Error.ShouldContain("line 7: column 1 (id) is empty");
        run.Error.ShouldContain("line 8: column 7 (gift) is not a boolean");
        _server.Taken.Keys.ShouldBe(["e-7"]);
    }

    [Theory]
    [InlineData("--id 'nr' is not a column", "--id", "nr", "--event", "x", "--profile", "a", "--time", "b")]
    [InlineData("add --id COLUMN or --id-from-row PREFIX", "--event", "x", "--profile", "a", "--time", "b")]
    [InlineData("its columns are: a, b, c, c", "--id", "c", "--event", "x", "--profile", "a", "--time", "b")]
    [InlineData("not an IANA time zone", "--time-zone", "Berlin")]
    [InlineData("not one character", "--delimiter", "ab")]
    public async Task A_mapping_that_does_not_fit_the_file_is_bad_usage(string message, params string[] options)
    {
        CliRun run = await ImportAsync("a,b,c,c\n1,2,3,4\n", options);

        run.Code.ShouldBe(2, run.ToString());
        run.Error.Replace("--id: ", "--id ", StringComparison.Ordinal).ShouldContain(message);
        _server.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_ends_the_import_after_the_rows_before_it()
    {
        CliRun run = await ImportAsync("id,name,profileId,occurredAt\ne-1,seen,p,2026-01-01T00:00:00Z\ne-2,\"seen,p,2026-01-01T00:00:00Z\n", "--batch", "1");

        run.Code.ShouldBe(2, run.ToString());
        run.Error.ShouldContain("line 3: ");
        _server.Taken.Keys.ShouldBe(["e-1"]);
    }

    private static long Ms(string text)
    {
        Rfc3339.TryParse(text, out long ms).ShouldBeTrue();
        return ms;
    }

    private Task<CliRun> ImportAsync(string text, params string[] options) =>
        CliRun.OfAsync(["import", _folder.Write("events.csv", text), "-s", _server.Address, "-w", "acme", .. options]);
}
