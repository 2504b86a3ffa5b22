namespace Segmentation;

/// <summary>
/// One customer: its properties and everything that it did, by event name. The result of adding the same events does not depend on
/// their order, nor on how often each is added. Not safe for use by several threads at once.
/// </summary>
public sealed partial class Profile
{
    // Up to so many events a search through all ids takes about as long as a table would, and a million cached profiles are mostly this small.
    private const int LargestScanned = 128;

    private OccurrenceHistory[] histories = [];
    private OccurrencePlaces? places;
    private OccurrenceMemory? memory;
    private Dictionary<string, List<Refund>>? waiting;

    /// <param name="id">Not empty.</param>
    /// <param name="memory">Where its events are kept, with those of other profiles that are used by the same thread; null for its own.</param>
    public Profile(string id, OccurrenceMemory? memory = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        Id = id;
        this.memory = memory;
    }

    public string Id { get; }

    /// <summary>
    /// The present properties, facts included. Setting them says nothing of when they changed; <see cref="ChangeProperties"/> does.
    /// </summary>
    public PropertyBag Properties { get; set; } = PropertyBag.Empty;

    /// <summary>What is known of former properties; null when nothing is, and then the present ones held for ever.</summary>
    public PropertyHistory? PropertyHistory { get; set; }

    /// <summary>Since when it is in segments; null when nobody keeps that for this profile.</summary>
    public MembershipHistory? Memberships { get; set; }

    /// <summary>Its tiers, present and former; null when nobody keeps them for this profile.</summary>
    public TierHistory? Tiers { get; set; }

    /// <summary>How many events are remembered, over all names.</summary>
    public int Count { get; private set; }

    /// <summary>When its first event was, in milliseconds since the Unix epoch; null without events.</summary>
    public long? FirstEventMs => histories.Length == 0 ? null : histories.Min(static history => history.TimeAt(0));

    /// <summary>The names of all events that this profile had, in ordinal order.</summary>
    public IEnumerable<string> EventNames
    {
        get
        {
            foreach (var history in histories)
                yield return history.Name;
        }
    }

    /// <summary>
    /// Replaces all properties, facts included, and remembers which of them changed, each at the instant, or at its latest change when that
    /// is known to be later.
    /// </summary>
    /// <returns>Whether any did.</returns>
    public bool ChangeProperties(PropertyBag after, long atMs)
    {
        ArgumentNullException.ThrowIfNull(after);
        var before = Properties;
        var changed = before.Where(property => !after.ContainsName(property.Key)).Select(static property => property.Key)
            .Concat(after.Where(property => !before.TryGetValue(property.Key, out var was) || was != property.Value).Select(static property => property.Key))
            .ToList();
        if (changed.Count == 0)
            return false;
        PropertyHistory ??= new PropertyHistory();
        foreach (var name in changed)
            PropertyHistory.Set(name, before.Find(name), after.Find(name), Math.Max(atMs, PropertyHistory.LatestMs(name) ?? atMs));
        PropertyHistory.TrimExcess();
        Properties = after;
        return true;
    }

    /// <summary>
    /// States a fact. One that has been so since an instant before the latest one known lands where it belongs in time. No fact of a further
    /// channel is taken up once there are <see cref="ProfileFacts.MaxChannels"/>.
    /// </summary>
    /// <param name="fact">The fact.</param>
    /// <param name="atMs">The instant of one that is so from now on, or its latest change when that is known to be later.</param>
    public void State(FactStatement fact, long atMs)
    {
        ArgumentNullException.ThrowIfNull(fact);
        if (fact.Value is null)
        {
            Properties = Properties.With(fact.Name, null);
            PropertyHistory?.Forget(fact.Name);
            return;
        }

        var present = Properties.Find(fact.Name);
        if (present is null && ProfileFacts.IsFull(Properties, fact.Name))
            return;
        PropertyHistory ??= new PropertyHistory();
        var sinceMs = fact.SinceMs ?? Math.Max(atMs, PropertyHistory.LatestMs(fact.Name) ?? atMs);
        Properties = Properties.With(fact.Name, PropertyHistory.Set(fact.Name, present, fact.Value, sinceMs));
        PropertyHistory.TrimExcess();
    }

    /// <summary>
    /// What was stated of facts, as far as it is remembered: of each the statements in order. Stating them of another profile brings that to what it
    /// would know had they been made of it. One without a known beginning is since the Unix epoch.
    /// </summary>
    public IEnumerable<FactStatement> FactStatements()
    {
        foreach (var (name, present) in Properties.Where(static property => ProfileFacts.IsFact(property.Key)))
        {
            var sinceMs = 0L;
            foreach (var change in PropertyHistory?.Changes.Where(change => change.Name == name) ?? [])
            {
                if (change.Before is { } before)
                    yield return new FactStatement(name, before, sinceMs);
                sinceMs = change.AtMs;
            }

            yield return new FactStatement(name, present, sinceMs);
        }
    }

    /// <summary>
    /// Since when the profile has satisfied the predicate without a break, in milliseconds since the Unix epoch: <see cref="long.MinValue"/>
    /// for as long as anything is known; null when it does not satisfy it now.
    /// </summary>
    public long? HeldSinceMs(PropertyPredicate predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return predicate.Holds(Properties) ? PropertyHistory?.HeldSinceMs(predicate) ?? long.MinValue : null;
    }

    /// <summary>The occurrences of the event name; null when there are none.</summary>
    public OccurrenceHistory? History(string name)
    {
        foreach (var history in histories)
        {
            if (history.Name == name)
                return history;
        }

        return null;
    }

    /// <summary>Whether an event with this id was added, under any name.</summary>
    public bool Contains(string eventId) => Find(eventId) is not null;

    /// <summary>The event with this id; null when there is none.</summary>
    public Occurrence? Find(string eventId)
    {
        ArgumentNullException.ThrowIfNull(eventId);
        return OccurrenceColumns.TryEncode(eventId, stackalloc byte[OccurrenceColumns.LongestId], out var id) ? Find(id) : null;
    }

    /// <summary>
    /// Remembers the event. False, and no change, when its id is already known under any name. A refund finds the event that it takes back
    /// whichever of the two comes first and whatever their names; a refund's own refund takes the refund's occurrence back, not its effect.
    /// Throws <see cref="ArgumentException"/> for another profile's event, or an id, time or value outside the limits of <see cref="EventJson"/>.
    /// </summary>
    public bool Add(CustomerEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        RequireFit(e);
        if (!OccurrenceColumns.TryEncode(e.Id, stackalloc byte[OccurrenceColumns.LongestId], out var id))
            throw new ArgumentException($"The event's id is longer than {EventJson.MaxIdLength} characters or no Unicode text.", nameof(e));
        if (Find(id) is not null)
            return false;
        var history = HistoryFor(e.Name);
        var index = history.Insert(e, id);
        Count++;
        Remember(e.OccurredAtMs, id);
        SettleWaiting(history, index, e.Id);
        if (e.Refunds is { } target)
            Apply(target, new Refund(e.OccurredAtMs, e.Value is { } value ? Math.Abs(value) : null));
        return true;
    }

    /// <summary>
    /// Brings <see cref="Memberships"/> into step with the answer to a segment's rule at an instant. True when the profile enters by it: then
    /// a rule that reads its own entering has to be asked again at the next millisecond.
    /// </summary>
    public bool Record(string segment, bool isMember, long instantMs)
    {
        if (isMember == (Memberships?.JoinedAtMs(segment) is not null))
            return false;
        if (isMember)
            (Memberships ??= new MembershipHistory()).Enter(segment, instantMs);
        else
            Memberships!.Leave(segment);
        return isMember;
    }

    /// <summary>Brings <see cref="Tiers"/> into step with the tier at an instant. True when it is another than before.</summary>
    public bool RecordTier(string policy, string? tier, long instantMs)
    {
        if (Tiers?.TierOf(policy) == tier)
            return false;
        (Tiers ??= new TierHistory()).Enter(policy, tier, instantMs);
        return true;
    }

    /// <summary>
    /// Gives back the memory of its events, for other profiles to use: nothing of this one may be read from then on. Not needed where all profiles in a
    /// memory are let go together with it.
    /// </summary>
    public void Release()
    {
        foreach (var history in histories)
            history.Release();
        (histories, places, waiting, Count) = ([], null, null, 0);
    }

    /// <summary>Its part of <see cref="OccurrenceMemory.Compact"/>.</summary>
    internal void MoveEvents()
    {
        foreach (var history in histories)
            history.Move();
    }

    private void RequireFit(CustomerEvent e)
    {
        if (e.ProfileId != Id)
            throw new ArgumentException("The event belongs to another profile.", nameof(e));
        if (e.OccurredAtMs is < EventJson.EarliestOccurredAtMs or > EventJson.LatestOccurredAtMs)
            throw new ArgumentException("The event's time lies outside the years 1970 to 2200.", nameof(e));
        if (e.Value is < -EventJson.MaxValue or > EventJson.MaxValue)
            throw new ArgumentException($"The event's value lies outside ±{EventJson.MaxValue}.", nameof(e));
    }

    private OccurrenceHistory HistoryFor(string name)
    {
        if (History(name) is { } known)
            return known;
        var history = new OccurrenceHistory(name, memory ??= new OccurrenceMemory());
        var at = 0;
        while (at < histories.Length && string.CompareOrdinal(histories[at].Name, name) < 0)
            at++;
        histories = [.. histories.AsSpan(0, at), history, .. histories.AsSpan(at)];
        return history;
    }

    private Occurrence? Find(ReadOnlySpan<byte> id)
    {
        if (places is not null)
            return places.Find(id, histories);
        foreach (var history in histories)
        {
            var index = history.IndexOf(id);
            if (index >= 0)
                return new Occurrence(history, index);
        }

        return null;
    }

    private void Remember(long timeMs, ReadOnlySpan<byte> id)
    {
        if (places is not null)
        {
            places.Add(id, timeMs);
            return;
        }

        if (Count <= LargestScanned)
            return;
        places = new OccurrencePlaces(Count);
        foreach (var one in histories)
        {
            for (var i = 0; i < one.Count; i++)
                places.Add(one.Utf8IdAt(i), one.TimeAt(i));
        }
    }

    private void Apply(string target, Refund refund)
    {
        if (Find(target) is { } found)
        {
            found.History.AddRefund(found.Index, refund);
            return;
        }

        waiting ??= new Dictionary<string, List<Refund>>(StringComparer.Ordinal);
        if (!waiting.TryGetValue(target, out var refunds))
            waiting.Add(target, refunds = []);
        refunds.Add(refund);
    }

    private void SettleWaiting(OccurrenceHistory history, int index, string id)
    {
        if (waiting is null || !waiting.Remove(id, out var refunds))
            return;
        foreach (var refund in refunds)
            history.AddRefund(index, refund);
        if (waiting.Count == 0)
            waiting = null;
    }
}
