namespace Segmentation;

/// <summary>
/// Everything that a rule's answer can depend on, through the segments and policies that it refers to as well: whatever is not here need
/// not trigger an evaluation. One thing concerns every event: one that takes back another (<see cref="CustomerEvent.Refunds"/>) affects
/// the rules on that other event's name too.
/// </summary>
public sealed class RuleDependencies
{
    private RuleDependencies(Collector found)
    {
        EventNames = found.EventProperties.Keys.ToHashSet(StringComparer.Ordinal);
        EventProperties = found.EventProperties.ToDictionary(static p => p.Key, static p => (IReadOnlySet<string>)p.Value, StringComparer.Ordinal);
        EventReachMs = found.EventReachMs;
        ProfileProperties = found.ProfileProperties;
        Policies = found.Policies;
        Segments = found.Segments;
        Entries = found.Entries;
        FormerTiers = found.FormerTiers;
        DependsOnTime = found.DependsOnTime;
    }

    /// <summary>The names of the events that count for something.</summary>
    public IReadOnlySet<string> EventNames { get; }

    /// <summary>Which properties of each of those events are read; the event's own value is always kept.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> EventProperties { get; }

    /// <summary>
    /// Of each of those events an age, in milliseconds, from which on one can change no answer any more, whatever time brings;
    /// <see cref="long.MaxValue"/> when there is no such age. What takes an event back reaches as far as that event.
    /// </summary>
    public IReadOnlyDictionary<string, long> EventReachMs { get; }

    /// <summary>Which properties of the profile are read.</summary>
    public IReadOnlySet<string> ProfileProperties { get; }

    public bool ReadsProfileProperties => ProfileProperties.Count > 0;

    public IReadOnlySet<RfmPolicyDefinition> Policies { get; }

    /// <summary>The segments referred to, directly or through one another.</summary>
    public IReadOnlySet<SegmentDefinition> Segments { get; }

    /// <summary>The segments, by name, of which it is asked when the profile entered: see <see cref="Profile.Memberships"/>.</summary>
    public IReadOnlySet<string> Entries { get; }

    /// <summary>
    /// The policies, by name, of which it is asked in which tier the profile was, or which hold profiles in their tiers: see
    /// <see cref="Profile.Tiers"/>.
    /// </summary>
    public IReadOnlySet<string> FormerTiers { get; }

    /// <summary>Whether the answer also depends on what was recorded of earlier answers.</summary>
    public bool ReadsHistory => Entries.Count > 0 || FormerTiers.Count > 0;

    /// <summary>
    /// Whether the passing of time alone can change the answer for a profile whose events have all occurred. (An event or refund that lies
    /// in the future changes any rule that counts it when its time comes; <see cref="Verdict.NextChangeMs"/> says so in either case.)
    /// </summary>
    public bool DependsOnTime { get; }

    public static RuleDependencies Of(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var found = new Collector();
        rule.CollectDependencies(found);
        return new RuleDependencies(found);
    }

    internal sealed class Collector
    {
        public Dictionary<string, HashSet<string>> EventProperties { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> EventReachMs { get; } = new(StringComparer.Ordinal);

        public HashSet<string> ProfileProperties { get; } = new(StringComparer.Ordinal);

        public HashSet<RfmPolicyDefinition> Policies { get; } = [];

        public HashSet<SegmentDefinition> Segments { get; } = [];

        public HashSet<string> Entries { get; } = new(StringComparer.Ordinal);

        public HashSet<string> FormerTiers { get; } = new(StringComparer.Ordinal);

        public bool DependsOnTime { get; private set; }

        public void AddEvent(string name, IEnumerable<string> properties, bool inWindow, long reachMs)
        {
            if (!EventProperties.TryGetValue(name, out var known))
                EventProperties.Add(name, known = new HashSet<string>(StringComparer.Ordinal));
            known.UnionWith(properties);
            EventReachMs[name] = Math.Max(EventReachMs.GetValueOrDefault(name), reachMs);
            DependsOnTime |= inWindow;
        }

        public void AddProfileProperty(string name) => ProfileProperties.Add(name);

        public void AddEntry(string segment) => Entries.Add(segment);

        public void AddFormerTiers(RfmPolicyDefinition policy)
        {
            FormerTiers.Add(policy.Name);
            AddPolicy(policy);
        }

        public void AddTime() => DependsOnTime = true;

        public void AddPolicy(RfmPolicyDefinition policy)
        {
            if (!Policies.Add(policy))
                return;
            if (policy.Hysteresis is not null)
                FormerTiers.Add(policy.Name);
            string[] amount = policy.Amount.PropertyName is { } property ? [property] : [];
            AddEvent(policy.PurchaseEvent, amount, inWindow: true, policy.WindowMs);
            if (policy.RefundEvent is { } refund)
                AddEvent(refund, amount, inWindow: true, policy.WindowMs);
        }

        public void AddSegment(SegmentDefinition segment)
        {
            if (Segments.Add(segment))
                segment.Rule.CollectDependencies(this);
        }
    }
}
