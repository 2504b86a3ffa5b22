namespace Segmentation.Operator.Storage;

/// <summary>One entry of a partition's log: what one request, or several at once, told about this partition's profiles.</summary>
/// <param name="Id">The stream id; entries are applied in its order.</param>
/// <param name="AcceptedAtMs">The accepting replica's clock: the instant at which the entry takes effect.</param>
/// <param name="Events">Events in the order given.</param>
/// <param name="Profile">A change of what is known of one profile, or null.</param>
/// <param name="Erased">A profile of which nothing is to be known any more, or null.</param>
internal sealed record LogEntry(string Id, long AcceptedAtMs, IReadOnlyList<CustomerEvent> Events, ProfileChange? Profile, string? Erased = null);

/// <summary>A change of what is known of a profile.</summary>
/// <param name="Properties">Without facts.</param>
/// <param name="Merge">
/// True: given properties are set, those in <paramref name="Removed"/> are removed, others stay. False: the given properties replace all.
/// Facts stay in either case.
/// </param>
/// <param name="Facts">Consent and suppression that is stated; null for none.</param>
public sealed record ProfileChange(
    string ProfileId, PropertyBag Properties, bool Merge, IReadOnlyList<string> Removed, IReadOnlyList<FactStatement>? Facts = null)
{
    /// <summary>
    /// Makes the change. When a merge comes to more than <see cref="PropertyBag.MaxCount"/> properties, those given are kept and, of the others,
    /// as many as there is room for, in ordinal order: the change was accepted already and must not stop the log.
    /// </summary>
    /// <param name="profile">The profile.</param>
    /// <param name="atMs">The instant at which the change was accepted.</param>
    /// <returns>Whether the profile's history may have become another.</returns>
    public bool ApplyTo(Profile profile, long atMs)
    {
        var others = profile.Properties.Where(p => Merge && !ProfileFacts.IsFact(p.Key) && !Removed.Contains(p.Key) && !Properties.ContainsName(p.Key));
        var given = others.Take(PropertyBag.MaxCount - Properties.Count).Concat(Properties);
        var changed = profile.ChangeProperties(ProfileFacts.WithFactsOf(given, profile.Properties), atMs);
        foreach (var fact in Facts ?? []) profile.State(fact, atMs);
        return changed || Facts is { Count: > 0 };
    }
}
