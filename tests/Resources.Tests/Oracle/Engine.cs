using Segmentation;
using Segmentation.Resources;

namespace Resources.Tests.Oracle;

/// <summary>A case as the engine sees it.</summary>
internal static class Engine
{
    public static WorkspaceDefinition Compile(PlainWorkspace workspace) =>
        WorkspaceCompiler.Compile(workspace.Segments, workspace.Policies, new Dictionary<string, RfmBreakPoints>());

    /// <summary>The profile after its events arrived in some order, some of them twice.</summary>
    public static Profile Deliver(PlainProfile plain, int seed)
    {
        var random = new Random(seed);
        var arrivals = plain.Events.Concat(plain.Events.Where(_ => random.Next(4) == 0)).ToArray();
        random.Shuffle(arrivals);
        var profile = new Profile(plain.Id);
        foreach (var e in arrivals)
            profile.Add(new CustomerEvent(e.Id, e.Name, plain.Id, e.At, e.Value, e.Properties.Count == 0 ? null : Bag(e.Properties), e.Refunds));
        Know(profile, plain, random);
        return profile;
    }

    /// <summary>Lets the profile know of its segments and tiers what the plain one does.</summary>
    public static void Remember(Profile profile, PlainProfile plain)
    {
        profile.Memberships = new MembershipHistory();
        foreach (var (segment, stay) in plain.Stays)
            profile.Memberships.Set(segment, new Stay(stay.EnteredAt, stay.IsMember, stay.EnteredBefore));
        profile.Tiers = new TierHistory();
        foreach (var (policy, tiers) in plain.Tiers)
        {
            foreach (var tier in tiers.Where(tier => tier.Left is not null))
                profile.Tiers.SetLeft(policy, tier.Name, tier.Left!.Value);
            foreach (var tier in tiers.Where(tier => tier.Left is null))
                profile.Tiers.Enter(policy, tier.Name, tier.From);
        }
    }

    // Properties change in their order. Consents are stated in any, but for a channel whose last word was said twice: of words that change
    // nothing only the latest is remembered, which may be too few when others come late.
    private static void Know(Profile profile, PlainProfile plain, Random random)
    {
        var properties = new Dictionary<string, object>(plain.Properties);
        profile.Properties = Bag(properties);
        foreach (var change in plain.Changes)
        {
            properties.Remove(change.Property);
            if (change.After is not null)
                properties[change.Property] = change.After;
            profile.ChangeProperties(Bag(properties), change.At);
        }

        var consents = plain.Consents.ToArray();
        if (!consents.GroupBy(consent => consent.Channel).Any(channel => channel.TakeLast(2).Count() > channel.TakeLast(2).DistinctBy(said => said.Status).Count()))
            random.Shuffle(consents);
        foreach (var consent in consents)
            profile.State(new FactStatement(ProfileFacts.Consent(consent.Channel), consent.Status, consent.At), plain.KnownFrom);
        foreach (var channel in plain.Suppressed)
            profile.State(new FactStatement(ProfileFacts.Suppression(channel), true, null), 0);
        Remember(profile, plain);
    }

    private static PropertyBag Bag(IReadOnlyDictionary<string, object> properties) =>
        PropertyBag.Of(properties.Select(property => KeyValuePair.Create(property.Key, Value(property.Value))));

    private static PropertyValue Value(object value) => value switch
    {
        string text => text,
        decimal number => number,
        bool boolean => boolean,
        _ => (string[])value,
    };
}
