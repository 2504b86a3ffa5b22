namespace Segmentation.Operator.Partitions;

/// <summary>How the owner works through its partitions (configuration section <c>DataPlane</c>).</summary>
public sealed class DataPlaneOptions
{
    /// <summary>Partitions worked on at the same time for events; a sixteenth as many, rounded up, for everything else. With 0 events are accepted and nothing is evaluated.</summary>
    public int Workers { get; set; } = 64;

    /// <summary>Log entries that one turn applies at most.</summary>
    public int EntriesPerTurn { get; set; } = 256;

    /// <summary>Events that one turn applies at most, or those of one log entry if it holds more: bounds the size of a commit.</summary>
    public int EventsPerTurn { get; set; } = 1_000;

    /// <summary>
    /// Profiles that one turn takes from the due times at most, and due times that it brings forward for new break points, so that neither holds up live
    /// events.
    /// </summary>
    public int DuePerTurn { get; set; } = 300;

    /// <summary>Profiles that one turn of a backfill evaluates at most.</summary>
    public int BackfillPerTurn { get; set; } = 300;

    /// <summary>
    /// Occurrences kept in memory over all workspaces, each about 450 bytes; a profile counts as four more. Null for as many as take a third of the memory
    /// that the process may use.
    /// </summary>
    public long? CachedOccurrences { get; set; }

    /// <summary>
    /// Events that one profile may have of one name. When there are a tenth more, the oldest are forgotten: it bounds the memory and the time that
    /// one profile can take.
    /// </summary>
    public int EventsPerName { get; set; } = 100_000;

    /// <summary>Whether <c>PUT /test/clock</c> may move the clock. For tests only.</summary>
    public bool TestClock { get; set; }

    /// <summary>How often partitions are looked at although nobody said that there is something new.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(10);
}
