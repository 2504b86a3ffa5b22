namespace Segmentation.Operator.Storage;

/// <summary>One entry of a partition's log: what one request told about this partition's profiles.</summary>
/// <param name="Id">The stream id; entries are applied in its order.</param>
/// <param name="AcceptedAtMs">The accepting replica's clock: the instant at which the entry takes effect.</param>
/// <param name="Events">Events in the order given.</param>
/// <param name="Profile">A change of one profile's properties, or null.</param>
internal sealed record LogEntry(string Id, long AcceptedAtMs, IReadOnlyList<CustomerEvent> Events, ProfileChange? Profile);

/// <summary>A change of a profile's properties.</summary>
/// <param name="Merge">
/// True: given properties are set, those in <paramref name="Removed"/> are removed, others stay. False: the given properties replace all.
/// </param>
public sealed record ProfileChange(string ProfileId, PropertyBag Properties, bool Merge, IReadOnlyList<string> Removed)
{
    /// <summary>The properties after the change.</summary>
    public PropertyBag ApplyTo(PropertyBag before) =>
        Merge
            ? PropertyBag.Of([.. before.Where(p => !Removed.Contains(p.Key) && !Properties.ContainsName(p.Key)), .. Properties])
            : Properties;
}
