using NodaTime;

namespace Segmentation.Cli.Reading;

/// <summary>Which column of delimited text becomes which part of an event; columns by name or 1-based number.</summary>
internal sealed record MappingSettings
{
    public required CsvDialect Dialect { get; init; }

    public string? Id { get; init; }

    /// <summary>Makes ids from this prefix and the 1-based number of the row; wins over <see cref="Id"/>.</summary>
    public string? IdFromRow { get; init; }

    public string? Name { get; init; }

    /// <summary>The same name for every event; wins over <see cref="Name"/>.</summary>
    public string? Event { get; init; }

    public string? Profile { get; init; }

    public string? Time { get; init; }

    /// <summary>Null is RFC 3339; <c>unix</c> and <c>unix-ms</c> are numbers; everything else is a .NET format.</summary>
    public string? TimeFormat { get; init; }

    /// <summary>Where the clock hung that wrote times without an offset.</summary>
    public DateTimeZone TimeZone { get; init; } = DateTimeZone.Utc;

    public string? Value { get; init; }

    public string? Refunds { get; init; }

    public IReadOnlyList<PropertyColumn> Properties { get; init; } = [];

    /// <summary>Equal for settings that read every file alike.</summary>
    public string Fingerprint() => string.Join('\n',
    [
        $"{Dialect.Delimiter}", $"{Dialect.HasHeader}", Id, IdFromRow, Name, Event, Profile, Time, TimeFormat, TimeZone.Id, Value, Refunds,
        .. Properties.Select(property => property.ToString()),
    ]);
}

internal enum PropertyKind
{
    Text,
    Number,
    Boolean,
}

/// <summary>A column that becomes a property.</summary>
internal sealed record PropertyColumn(string Column, string Name, PropertyKind Kind)
{
    /// <summary>Reads <c>COLUMN[=NAME][:number|:boolean|:text]</c>.</summary>
    public static PropertyColumn Parse(string text)
    {
        PropertyKind kind = PropertyKind.Text;
        string rest = text;
        foreach (PropertyKind candidate in Enum.GetValues<PropertyKind>())
        {
            string suffix = ":" + candidate.ToString().ToLowerInvariant();
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            kind = candidate;
            rest = text[..^suffix.Length];
        }
        int equals = rest.LastIndexOf('=');
        return equals < 0 ? new PropertyColumn(rest, rest, kind) : new PropertyColumn(rest[..equals], rest[(equals + 1)..], kind);
    }
}
