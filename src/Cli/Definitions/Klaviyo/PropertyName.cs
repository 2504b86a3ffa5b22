namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary>
/// Klaviyo's names of profile properties: its own fields (<c>email</c>, <c>location['country']</c>) and those that a shop adds
/// (<c>properties['plan']</c>).
/// Here both are properties of the profile, named by what stands last.
/// </summary>
internal static class PropertyName
{
    private static readonly HashSet<string> _own = new(StringComparer.Ordinal)
    {
        "id", "email", "phone_number", "external_id", "first_name", "last_name", "organization", "title", "image", "locale", "created", "updated",
        "last_event_date", "address1", "address2", "city", "country", "region", "zip", "latitude", "longitude", "timezone", "ip",
    };

    public static string Read(SourceObject condition, string field, ImportScope scope)
    {
        string written = condition.Text(field);
        string name = Inner(written, "properties") ?? Inner(written, "location") ?? written;
        if (written == name && written.StartsWith('$') && _own.Contains(written[1..]))
            name = written[1..];
        if (name.Length is 0 or > PropertyBag.MaxNameLength || (name == written && name.Contains('[')))
        {
            throw new NotCarriedOverException(
                condition.At(field), $"property {written}", $"neither a name of 1 to {PropertyBag.MaxNameLength} characters nor of the form properties['name']");
        }
        if (written == name && !_own.Contains(name))
            scope.Check(
                condition.At(field), $"property {name}", "not one of Klaviyo's own that the importer knows", $"store it as the property {name}");
        else if (_own.Contains(name) && Inner(written, "properties") is not null)
            scope.Check(
                condition.At(field), $"property {written}", $"Klaviyo has a field of its own called {name}", "store it by another name if you need both");
        return name;
    }

    // The name in properties['name'] or properties["name"]; null for another form.
    private static string? Inner(string written, string owner)
    {
        ReadOnlySpan<char> rest = written;
        if (!rest.StartsWith(owner) || rest.Length < owner.Length + 5)
            return null;
        rest = rest[owner.Length..];
        char quote = rest[1];
        return rest[0] == '[' && quote is '\'' or '"' && rest[^1] == ']' && rest[^2] == quote
            ? rest[2..^2].ToString().Replace($"\\{quote}", quote.ToString(), StringComparison.Ordinal)
            : null;
    }
}
