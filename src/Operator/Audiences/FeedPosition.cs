namespace Segmentation.Operator.Audiences;

/// <summary>How far an audience has come in one partition: first through the members there are, then along the outbox.</summary>
internal abstract record FeedPosition
{
    /// <summary>The outbox entry up to which (inclusive) nothing is needed any more.</summary>
    public abstract string OutboxId { get; }

    /// <summary>As kept in a checkpoint.</summary>
    public abstract string Format();

    /// <exception cref="FormatException">It is no position.</exception>
    public static FeedPosition Parse(string text) => text.Split(' ', 5) switch
    {
        ["follow", var id] => new Following(id),
        ["members", var noted, var revision, var joinedAt, var profile] => new AmongMembers(noted, revision, joinedAt, profile),
        _ => throw new FormatException($"A checkpoint holds a position that cannot be read, {text.Length} characters long."),
    };
}

/// <summary>Telling the members of a revision, after a member (exclusive).</summary>
/// <param name="NotedId">The newest outbox entry before the first member was read: whatever changed meanwhile is told from there on.</param>
/// <param name="JoinedAt">The last member told, as a score; empty at the beginning.</param>
internal sealed record AmongMembers(string NotedId, string Revision, string JoinedAt, string ProfileId) : FeedPosition
{
    public override string OutboxId => NotedId;

    public override string Format() => $"members {NotedId} {Revision} {JoinedAt} {ProfileId}";
}

/// <summary>Telling the outbox, after an entry (exclusive).</summary>
internal sealed record Following(string Id) : FeedPosition
{
    public override string OutboxId => Id;

    public override string Format() => "follow " + Id;
}
