using System.Text.Json;

namespace Segmentation.Cli.Reading;

/// <summary>Writes the fields of a record as an event. Problems name column and cure; the customer's data stay out of them.</summary>
internal sealed class ColumnMapping
{
    private const int None = -1;

    private readonly int _id;
    private readonly int _name;
    private readonly int _profile;
    private readonly int _time;
    private readonly int _value;
    private readonly int _refunds;
    private readonly string? _idPrefix;
    private readonly string? _event;
    private readonly TimeColumn _times;
    private readonly (int Column, PropertyColumn Property)[] _properties;
    private readonly int _highest;

    /// <exception cref="CliException">An option names no column of the file, or is missing.</exception>
    public ColumnMapping(MappingSettings settings, ColumnNames columns)
    {
        _idPrefix = settings.IdFromRow;
        _event = settings.Event;
        _id = _idPrefix is null ? Required(columns, settings.Id, "--id", "id", "--id COLUMN or --id-from-row PREFIX") : None;
        _name = _event is null ? Required(columns, settings.Name, "--name", "name", "--name COLUMN or --event NAME") : None;
        _profile = Required(columns, settings.Profile, "--profile", "profileId", "--profile COLUMN");
        _time = Required(columns, settings.Time, "--time", "occurredAt", "--time COLUMN");
        _value = Optional(columns, settings.Value, "--value", "value");
        _refunds = Optional(columns, settings.Refunds, "--refunds", "refunds");
        _times = new TimeColumn(settings.TimeFormat, settings.TimeZone);
        _properties = [.. settings.Properties.Select(property => (columns.Find("--property", property.Column), property))];
        _highest = _properties.Select(p => p.Column).Concat([_id, _name, _profile, _time, _value, _refunds]).Max();
    }

    /// <returns>Why the record is no event; null when it was written.</returns>
    public string? Write(CsvReader record, Utf8JsonWriter json)
    {
        if (record.FieldCount <= _highest)
            return $"the row has {record.FieldCount} columns, and column {_highest + 1} is wanted";
        json.WriteStartObject();
        string? problem = Text(record, json, "id", _id, _idPrefix is null ? null : _idPrefix + record.End.Row)
            ?? Text(record, json, "name", _name, _event)
            ?? Text(record, json, "profileId", _profile, null)
            ?? Time(record, json)
            ?? Typed(record, json, _value, "value", PropertyKind.Number)
            ?? (_refunds == None || record.Text(_refunds) is "" ? null : Text(record, json, "refunds", _refunds, null))
            ?? Properties(record, json);
        if (problem is null)
            json.WriteEndObject();
        return problem;
    }

    private static int Required(ColumnNames columns, string? column, string option, string usual, string cure)
    {
        if (column is not null)
            return columns.Find(option, column);
        return columns.TryFind(usual, out int index)
            ? index
            : throw CliException.BadInput($"no column is named '{usual}', and no option says which one to read", $"add {cure}");
    }

    private static int Optional(ColumnNames columns, string? column, string option, string usual)
    {
        if (column is not null)
            return columns.Find(option, column);
        return columns.TryFind(usual, out int index) ? index : None;
    }

    private static string? Text(CsvReader record, Utf8JsonWriter json, string field, int column, string? constant)
    {
        string? text = constant ?? record.Text(column);
        if (text is null)
            return NotUtf8(column);
        json.WriteString(field, text);
        return text.Length > 0 ? null : $"column {column + 1} ({field}) is empty";
    }

    private static string NotUtf8(int column) => $"column {column + 1} is not UTF-8; convert the file with iconv -t UTF-8";

    private string? Time(CsvReader record, Utf8JsonWriter json)
    {
        if (record.Text(_time) is not { } text)
            return NotUtf8(_time);
        string? problem = _times.Read(text.Trim(), out long instantMs);
        if (problem is not null)
            return $"column {_time + 1} (occurredAt): {problem}";
        json.WriteString("occurredAt", Rfc3339.Format(instantMs));
        return null;
    }

    private string? Properties(CsvReader record, Utf8JsonWriter json)
    {
        if (_properties.Length == 0)
            return null;
        json.WriteStartObject("properties");
        foreach ((int column, PropertyColumn property) in _properties)
        {
            if (Typed(record, json, column, property.Name, property.Kind) is { } problem)
                return problem;
        }
        json.WriteEndObject();
        return null;
    }

    /// <summary>An empty field writes nothing: a property that is not there.</summary>
    private static string? Typed(CsvReader record, Utf8JsonWriter json, int column, string name, PropertyKind kind)
    {
        if (column == None)
            return null;
        if (record.Text(column) is not { } text)
            return NotUtf8(column);
        if (text.Length == 0)
            return null;
        switch (kind)
        {
            case PropertyKind.Number when CsvNumber.TryParse(text, out decimal number):
                json.WriteNumber(name, number);
                return null;
            case PropertyKind.Boolean when CsvBoolean.TryParse(text, out bool boolean):
                json.WriteBoolean(name, boolean);
                return null;
            case PropertyKind.Text:
                json.WriteString(name, text);
                return null;
            default:
                return kind == PropertyKind.Number
                    ? $"column {column + 1} ({name}) is not a number; write it like 1234.56, without a currency or thousands separators"
                    : $"column {column + 1} ({name}) is not a boolean; write true or false, yes or no, 1 or 0";
        }
    }
}
