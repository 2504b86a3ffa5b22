namespace Segmentation.Resources;

/// <summary>Turns the conditions on consent and suppression into the engine's rules.</summary>
internal static class ConsentCompiler
{
    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Consent(ConsentConditionSpec spec, string path, SegmentScope scope)
    {
        var problems = scope.Problems;
        var before = problems.Count;
        Channel(spec.Channel, path, problems);
        var forMs = spec.For is null ? null : problems.Duration(spec.For, path + ".for");
        var withinMs = spec.Within is null ? null : problems.Duration(spec.Within, path + ".within");
        if (spec.Is == ConsentState.Never && (spec.For ?? spec.Within) is not null)
            problems.Invalid($"{path}.{(spec.For is null ? "within" : "for")}", "has no meaning beside never: what was not recorded has no time; leave it out");
        else if (forMs >= withinMs)
            problems.Invalid(path + ".for", $"nothing can have been so for {spec.For} and have become so less than {spec.Within} ago; make for the shorter one");
        return problems.Count == before ? new ConsentRule(spec.Channel, Status(spec.Is), forMs, withinMs) : null;
    }

    /// <summary>Null after reporting a problem.</summary>
    public static Rule? Suppression(SuppressionConditionSpec spec, string path, SegmentScope scope) =>
        Channel(spec.Channel, path, scope.Problems) ? new SuppressionRule(spec.Channel, spec.Is == SuppressionState.Suppressed) : null;

    private static bool Channel(string channel, string path, ProblemList problems)
    {
        path += ".channel";
        if (!problems.RequireText(channel, path, "email"))
            return false;
        if (ProfileFacts.IsChannel(channel))
            return true;
        problems.Invalid(path, $"is a small letter and then small letters, digits, _ and -, at most {ProfileFacts.MaxChannelLength} in all, such as email");
        return false;
    }

    private static ConsentStatus Status(ConsentState state) => state switch
    {
        ConsentState.Subscribed => ConsentStatus.Subscribed,
        ConsentState.Unsubscribed => ConsentStatus.Unsubscribed,
        _ => ConsentStatus.Never,
    };
}
