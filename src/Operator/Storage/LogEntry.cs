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
    /// <summary>
    /// The properties after the change. When a merge comes to more than <see cref="PropertyBag.MaxCount"/>, those given are kept and, of the others, as
    /// many as there is room for, in ordinal order: the change was accepted already and must not stop the log.
    /// </summary>
    public PropertyBag ApplyTo(PropertyBag before)
    {
        if (!Merge) return Properties;
        var others = before.Where(p => !Removed.Contains(p.Key) && !Properties.ContainsName(p.Key)).Take(PropertyBag.MaxCount - Properties.Count);
        return PropertyBag.Of([.. others, .. Properties]);
    }
}
