using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Partitions;

/// <summary>What a commit wrote about events: one that is new, or a profile of which nothing was left.</summary>
internal readonly record struct Written(CustomerEvent? Event, string? Erased);

/// <summary>Tells the events that a commit took from an <see cref="Operator.Partitions.Inbox"/> from those of the log, which come before them.</summary>
internal static class BroughtEvents
{
    /// <param name="written">In the order of the commit.</param>
    /// <param name="applied">The entries of the log that the commit applied.</param>
    public static IReadOnlyList<CustomerEvent> Of(IEnumerable<Written> written, IEnumerable<Acknowledged> applied)
    {
        var left = new List<CustomerEvent>();
        foreach (var (e, erased) in written)
        {
            if (e is not null) left.Add(e);
            else left.RemoveAll(before => before.ProfileId == erased);
        }
        var ofLog = new HashSet<(string ProfileId, string Id)>();
        foreach (var entry in applied)
        {
            ofLog.UnionWith(entry.Events.Select(e => (e.ProfileId, e.Id)));
            if (entry.Erased is { } erased) ofLog.RemoveWhere(e => e.ProfileId == erased);
        }
        return [.. left.Where(e => !ofLog.Contains((e.ProfileId, e.Id)))];
    }

    /// <param name="key">After <c>events:</c>.</param>
    public static Written Event(string key, long occurredAtMs, string member)
    {
        var colon = key.LastIndexOf(':');
        return new Written(OccurrenceCodec.Decode(member, Unescape(key[(colon + 1)..]), key[..colon], occurredAtMs), null);
    }

    private static string Unescape(string name) => name.Replace("%3A", ":", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
