using System.CommandLine;
using NodaTime;

namespace Segmentation.Cli.Reading;

/// <summary>How an event file is read: its format and, for delimited text, which column becomes what.</summary>
internal sealed class MappingOptions
{
    private readonly Option<string?> _format = Named("--format", "csv|jsonl", "The file's format. Default: by its extension; jsonl for standard input");
    private readonly Option<string> _delimiter = new("--delimiter")
    {
        Description = "What separates columns: one character, or comma, semicolon, tab, pipe, or whitespace for any run of spaces and tabs",
        HelpName = "CHARACTER",
        DefaultValueFactory = _ => ",",
    };

    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The first line is data; columns are numbers from 1" };
    private readonly Option<string?> _id = Named("--id", "COLUMN", "The event's id, unique in the workspace");
    private readonly Option<string?> _idFromRow = Named("--id-from-row", "PREFIX",
        "Make ids from this prefix and the row's number, for files without ids whose rows never move");

    private readonly Option<string?> _name = Named("--name", "COLUMN", "The event's name");
    private readonly Option<string?> _event = Named("--event", "NAME", "The same name for every event");
    private readonly Option<string?> _profile = Named("--profile", "COLUMN", "Who did it");
    private readonly Option<string?> _time = Named("--time", "COLUMN", "When");
    private readonly Option<string?> _timeFormat = Named("--time-format", "FORMAT",
        "A .NET format such as yyyyMMdd or \"dd.MM.yyyy HH:mm\"; unix or unix-ms for numbers. Default: RFC 3339");

    private readonly Option<string> _timeZone = new("--time-zone")
    {
        Description = "The IANA zone of times without an offset, such as Europe/Berlin",
        HelpName = "ZONE",
        DefaultValueFactory = _ => "UTC",
    };

    private readonly Option<string?> _value = Named("--value", "COLUMN", "The amount");
    private readonly Option<string?> _refunds = Named("--refunds", "COLUMN", "The id of the event that this one takes back");
    private readonly Option<string[]> _properties = new("--property")
    {
        Description = "A property, again for each: COLUMN, COLUMN=NAME, COLUMN:number, COLUMN=NAME:boolean",
        HelpName = "COLUMN[=NAME][:TYPE]",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _format, _delimiter, _noHeader, _id, _idFromRow, _name, _event, _profile, _time, _timeFormat, _timeZone, _value, _refunds, _properties,
        ];
        foreach (Option option in all)
            command.Options.Add(option);
    }

    /// <summary>How to read a file of this name.</summary>
    /// <returns>The column mapping; null when the file is JSONL.</returns>
    /// <exception cref="CliException">The options contradict each other, or the format cannot be told.</exception>
    public MappingSettings? Read(ParseResult parsed, string fileName)
    {
        if (IsJsonl(parsed, fileName))
        {
            Option? idle = Mapping().FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
            return idle is null ? null : throw CliException.BadInput($"{idle.Name} applies to delimited text, and {fileName} is read as JSONL", "add --format csv");
        }
        string delimiter = parsed.GetValue(_delimiter)!;
        if (!CsvDialect.TryParseDelimiter(delimiter, out byte? separator))
            throw CliException.BadInput($"--delimiter: '{delimiter}' is not one character", "write one ASCII character, or comma, semicolon, tab, pipe, whitespace");
        string zoneName = parsed.GetValue(_timeZone)!;
        DateTimeZone zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zoneName)
            ?? throw CliException.BadInput($"--time-zone: '{zoneName}' is not an IANA time zone", "write it like Europe/Berlin");
        if (parsed.GetValue(_timeFormat) is "")
            throw CliException.BadInput("--time-format is empty", "write it like yyyyMMdd, or leave it out for RFC 3339");
        return new MappingSettings
        {
            Dialect = new CsvDialect(separator, !parsed.GetValue(_noHeader)),
            Id = parsed.GetValue(_id),
            IdFromRow = parsed.GetValue(_idFromRow),
            Name = parsed.GetValue(_name),
            Event = parsed.GetValue(_event),
            Profile = parsed.GetValue(_profile),
            Time = parsed.GetValue(_time),
            TimeFormat = parsed.GetValue(_timeFormat),
            TimeZone = zone,
            Value = parsed.GetValue(_value),
            Refunds = parsed.GetValue(_refunds),
            Properties = [.. parsed.GetValue(_properties)!.Select(PropertyColumn.Parse)],
        };
    }

    private static Option<string?> Named(string name, string helpName, string description) =>
        new(name) { HelpName = helpName, Description = description };

    private Option[] Mapping() =>
        [_delimiter, _noHeader, _id, _idFromRow, _name, _event, _profile, _time, _timeFormat, _timeZone, _value, _refunds, _properties];

    private bool IsJsonl(ParseResult parsed, string fileName)
    {
        string? format = parsed.GetValue(_format);
        string extension = Path.GetExtension(fileName).ToLowerInvariant();
        bool isMapped = Mapping().Any(option => parsed.GetResult(option) is { Implicit: false });
        return (format ?? extension) switch
        {
            "jsonl" or ".jsonl" or ".ndjson" or ".json" => true,
            "csv" or ".csv" or ".tsv" or ".txt" => false,
            _ when format is not null => throw CliException.BadInput($"--format: '{format}' is not a format", "write csv or jsonl"),
            _ when fileName == "-" => !isMapped,
            _ => throw CliException.BadInput($"the format of {fileName} cannot be told from its name", "add --format csv or --format jsonl"),
        };
    }
}
