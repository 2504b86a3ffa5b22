using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Segmentation;

/// <summary>A country of ISO 3166-1. There is one object for each.</summary>
public sealed class Country
{
    private static readonly Country[] Listed = [.. CountryTable.Lines.Split('\n').Select(static (line, index) => new Country(line.TrimEnd('\r'), index))];

    private static readonly FrozenDictionary<string, Country> ByName = Listed
        .SelectMany(static country => country.writings, static (country, writing) => (country, writing))
        .ToFrozenDictionary(static one => one.writing, static one => one.country, StringComparer.OrdinalIgnoreCase);

    private readonly string[] writings;

    private Country(string line, int index)
    {
        Index = index;
        Alpha2 = line[..2];
        Alpha3 = line[3..6];
        var names = line[7..].Split("; ");
        Name = names[0];
        writings = [Alpha2, Alpha3, .. names, .. names.Where(name => name.Contains(" and ", StringComparison.Ordinal)).Select(WithAmpersand)];
        IsInEuropeanUnion = CountryTable.EuropeanUnion.Contains(Alpha2, StringComparison.Ordinal);
        IsInEconomicArea = IsInEuropeanUnion || CountryTable.OnlyEconomicArea.Contains(Alpha2, StringComparison.Ordinal);
    }

    public static IReadOnlyList<Country> All => Listed;

    /// <summary>Everything that names a country: codes, names and what else people write.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Such as DE.</summary>
    public string Alpha2 { get; }

    /// <summary>Such as DEU.</summary>
    public string Alpha3 { get; }

    /// <summary>The usual English name.</summary>
    public string Name { get; }

    /// <summary>Whether it is a member of the European Union. Territories with codes of their own, such as Réunion, are no members.</summary>
    public bool IsInEuropeanUnion { get; }

    /// <summary>Whether it is a member of the European Economic Area.</summary>
    public bool IsInEconomicArea { get; }

    /// <summary>The place in <see cref="All"/>.</summary>
    internal int Index { get; }

    /// <summary>Finds a country by a code or an English name, in any case of letters.</summary>
    public static bool TryFind(string text, [NotNullWhen(true)] out Country? country) => ByName.TryGetValue(text, out country);

    public override string ToString() => Name;

    private static string WithAmpersand(string name) => name.Replace(" and ", " & ", StringComparison.Ordinal);
}
