namespace Segmentation;

/// <summary>Holds when the property <c>country</c> names one of the countries, however it is written.</summary>
public sealed class CountryRule : PlaceRule
{
    private readonly bool[] wanted = new bool[Country.All.Count];
    private readonly string asked;

    /// <param name="countries">At least one; otherwise an <see cref="ArgumentException"/>.</param>
    /// <param name="union">What they are together, such as the European Union; null for a list.</param>
    public CountryRule(IReadOnlyCollection<Country> countries, string? union = null)
    {
        ArgumentNullException.ThrowIfNull(countries);
        if (countries.Count == 0)
            throw new ArgumentException("Name at least one country.", nameof(countries));
        foreach (var country in countries)
            wanted[country.Index] = true;
        asked = union is null ? $"country in {string.Join(", ", countries.Select(country => country.Alpha2).Distinct())}" : $"country in {union}";
    }

    public override Verdict Evaluate(Evaluation e) => new(Found(e) is { } country && wanted[country.Index], Verdict.Never, this);

    public override string ToString() => asked;

    private protected override string Finding(Evaluation e)
    {
        if (Found(e) is { } country)
            return $"country is {country.Name}";
        return e.Profile.Properties.ContainsName(CountryProperty) ? "country is none that is known" : "country is missing";
    }

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddProfileProperty(CountryProperty);

    private static Country? Found(Evaluation e) =>
        TextOf(e, CountryProperty) is { } text && Country.TryFind(text, out var country) ? country : null;
}
