namespace Segmentation.Operator.Storage;

/// <summary>One entry of a partition's log: what one request, or several at once, told about this partition's profiles.</summary>
/// <param name="Id">The stream id; entries are applied in its order.</param>
/// <param name="AcceptedAtMs">The accepting replica's clock: the instant at which the entry takes effect.</param>
/// <param name="Events">Events in the order given.</param>
/// <param name="Profile">A change of what is known of one profile, or null.</param>
/// <param name="Erased">A profile of which nothing is to be known any more, or null.</param>
/// <param name="Merge">A profile that is to count for another one from now on, or null.</param>
/// <param name="Parted">A profile that was merged into one that has been erased and is to be known no more, or null.</param>
internal sealed record LogEntry(
    string Id, long AcceptedAtMs, IReadOnlyList<CustomerEvent> Events, ProfileChange? Profile, string? Erased = null, ProfileMerge? Merge = null, string? Parted = null)
{
    /// <summary>
    /// Of an entry that another partition has sent on: of what was known of a merged profile, and of an erasure, the merged profiles that it has come
    /// through; beside <see cref="Parted"/>, the erased profile and all that were merged into it.
    /// </summary>
    public IReadOnlyList<string> Path { get; init; } = [];
}

/// <summary>That everything of one profile, present and to come, counts for another one.</summary>
internal sealed record ProfileMerge(string ProfileId, string Into);

/// <summary>A change of what is known of a profile.</summary>
/// <param name="Properties">Without facts.</param>
/// <param name="Merge">
/// True: given properties are set, those in <paramref name="Removed"/> are removed, others stay. False: the given properties replace all.
/// Facts stay in either case.
/// </param>
/// <param name="Facts">Consent and suppression that is stated; null for none.</param>
/// <param name="Merged">
/// Not null when this is what was known of profiles that were merged into this one: their ids. Of the given properties only those are set then that the
/// profile does not have.
/// </param>
public sealed record ProfileChange(
    string ProfileId, PropertyBag Properties, bool Merge, IReadOnlyList<string> Removed, IReadOnlyList<FactStatement>? Facts = null,
    IReadOnlyList<string>? Merged = null)
{
    /// <summary>
    /// Makes the change. When a merge comes to more than <see cref="PropertyBag.MaxCount"/> properties, those given are kept and, of the others,
    /// as many as there is room for, in ordinal order: the change was accepted already and must not stop the log. Of merged profiles, as many are
    /// set as there is room for.
    /// </summary>
    /// <param name="profile">The profile.</param>
    /// <param name="atMs">The instant at which the change was accepted.</param>
    /// <returns>Whether the profile's history may have become another.</returns>
    public bool ApplyTo(Profile profile, long atMs)
    {
        var own = profile.Properties.Where(p => !ProfileFacts.IsFact(p.Key));
        var others = own.Where(p => Merge && !Removed.Contains(p.Key) && !Properties.ContainsName(p.Key));
        var given = Merged is null
            ? others.Take(PropertyBag.MaxCount - Properties.Count).Concat(Properties)
            : own.Concat(Properties.Where(p => !profile.Properties.ContainsName(p.Key))).Take(PropertyBag.MaxCount);
        var changed = profile.ChangeProperties(ProfileFacts.WithFactsOf(given, profile.Properties), atMs);
        foreach (var fact in Facts ?? []) profile.State(fact, atMs);
        return changed || Facts is { Count: > 0 };
    }
}
