using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Partitions;

/// <summary>
/// Merged profiles. Their events, what was known of them, and all that comes for them later goes to the profile that they count for, over the log of
/// that one's partition. That one may be merged into another itself; then it goes on from there.
/// </summary>
internal sealed partial class PartitionTurn
{
    // The first merge holds: a later one, and one into itself, changes nothing.
    private void Merge(ProfileMerge merge, long acceptedAtMs, long atMs)
    {
        var (id, into) = merge;
        var cached = Touch(id);
        if (id == into || cached.MergedInto is not null) return;
        _evaluator.CatchUp(cached, atMs, _plan, Batch, _nowMs);
        var profile = cached.Profile;
        var properties = PropertyBag.Of(profile.Properties.Where(property => !ProfileFacts.IsFact(property.Key)));
        var known = new ProfileChange(into, properties, Merge: true, [], [.. profile.FactStatements()], Merged: [id, .. cached.MergedFrom]);
        Batch.Forward(into, acceptedAtMs, "p", EventLog.Payload(known), id);
        foreach (var some in profile.EventNames.SelectMany(name => profile.History(name)!).Chunk(EventLog.EventsPerEntry))
            ForwardEvents(into, acceptedAtMs, some.Select(o => new CustomerEvent(o.Id, o.Name, into, o.TimeMs, o.Value, o.Properties, o.Refunds)));
        ProfileEvaluator.Erase(cached, atMs, _plan, Batch, _nowMs, into);
        Renew(cached).MergedInto = into;
    }

    private void SendOn(IEnumerable<CustomerEvent> events, long acceptedAtMs)
    {
        foreach (var some in events.GroupBy(e => cache.Get(e.ProfileId).MergedInto!))
            ForwardEvents(some.Key, acceptedAtMs, some.Select(e => e with { ProfileId = some.Key }));
    }

    private void ForwardEvents(string into, long acceptedAtMs, IEnumerable<CustomerEvent> events) =>
        Batch.Forward(into, acceptedAtMs, "e", EventLog.Payload([.. events.Select(EventLog.Line)]));

    /// <returns>False when the change is to be applied here.</returns>
    private bool SendsOn(ProfileChange change, LogEntry entry)
    {
        var cached = Touch(change.ProfileId);
        if (cached.MergedInto is not { } into) return false;
        var path = entry.Path;
        if (change.Merged is not null)
        {
            if (OpensCircle(change.ProfileId, path))
            {
                Forget(cached);
                return false;
            }
            if (!path.Contains(change.ProfileId)) path = [.. path, change.ProfileId];
        }
        Batch.Forward(into, entry.AcceptedAtMs, "p", EventLog.Payload(change with { ProfileId = into }), path);
        return true;
    }

    // Profiles that were merged into each other, each before it was known of the others, all count for the first of them. What was known of one of them
    // goes round until it comes to that one a second time.
    private static bool OpensCircle(string profileId, IReadOnlyList<string> path)
    {
        var circle = path.SkipWhile(id => id != profileId);
        return circle.Min(StringComparer.Ordinal) == profileId;
    }

    private void NoteMerged(CachedProfile cached, IEnumerable<string> merged)
    {
        var others = merged.Where(id => id != cached.Profile.Id).ToArray();
        foreach (var id in others) Batch.SetProfileField(cached.Profile.Id, StoredProfile.FromPrefix + id, "");
        cached.MergedFrom = [.. cached.MergedFrom.Union(others)];
    }

    // All that belongs to one person is erased, by whichever of its ids, and so is what those ids tell of each other.
    private bool SendsErasureOn(CachedProfile cached, LogEntry entry)
    {
        var id = cached.Profile.Id;
        if (cached.MergedInto is { } into)
        {
            Batch.Forward(into, entry.AcceptedAtMs, "x", into, [.. entry.Path, id]);
            Forget(cached);
            _erased.Add(id);
            return true;
        }
        foreach (var merged in cached.MergedFrom.Except(entry.Path)) Batch.Forward(merged, entry.AcceptedAtMs, "u", merged, [id, .. cached.MergedFrom]);
        return false;
    }

    // Unless it was merged into another one since.
    private void Part(string profileId, IReadOnlyList<string> erased)
    {
        var cached = Touch(profileId);
        if (cached.MergedInto is not { } into || !erased.Contains(into)) return;
        Forget(cached);
        _erased.Add(profileId);
    }

    private void Forget(CachedProfile merged)
    {
        merged.MergedInto = null;
        Batch.EraseProfile(merged.Profile.Id, []);
    }
}
