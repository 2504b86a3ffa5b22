namespace Segmentation;

/// <summary>Holds when the profile is, or is not, suppressed on a channel. Nothing recorded means that it is not.</summary>
public sealed class SuppressionRule : Rule
{
    private readonly PropertyPredicate isSuppressed;

    /// <param name="channel">The channel.</param>
    /// <param name="suppressed">Whether being suppressed is asked for; otherwise not being it.</param>
    public SuppressionRule(string channel, bool suppressed)
    {
        if (!ProfileFacts.IsChannel(channel))
            throw new ArgumentException("A channel is a small letter and then small letters, digits, _ and -.", nameof(channel));
        Channel = channel;
        Suppressed = suppressed;
        isSuppressed = new PropertyPredicate(ProfileFacts.Suppression(channel), PropertyOperator.Eq, [true]);
    }

    public string Channel { get; }

    public bool Suppressed { get; }

    public override Verdict Evaluate(Evaluation e) => new(isSuppressed.Holds(e.Profile.Properties) == Suppressed, Verdict.Never, this);

    public override string Key => "suppression";

    public override string ToString() => $"{Channel} is {(Suppressed ? "suppressed" : "not suppressed")}";

    private protected override string Finding(Evaluation e) =>
        !e.Profile.Properties.ContainsName(isSuppressed.Name) ? $"nothing was ever recorded for {Channel}"
        : isSuppressed.Holds(e.Profile.Properties) ? "suppressed" : "not suppressed";

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddProfileProperty(isSuppressed.Name);
}
