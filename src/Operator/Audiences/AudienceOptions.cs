namespace Segmentation.Operator.Audiences;

/// <summary>How changes are delivered (configuration section <c>Audiences</c>).</summary>
public sealed class AudienceOptions
{
    /// <summary>The wait after the first failed attempt; doubles with each further one.</summary>
    public TimeSpan FirstBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts, and the wait after a single change was called too large.</summary>
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest that a destination's <c>Retry-After</c> is honoured.</summary>
    public TimeSpan LongestRetryAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often outboxes are looked at although nobody said that there is something new.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a sync that cannot begin yet looks again although nobody said that it can.</summary>
    public TimeSpan StartInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A busy sync's status is refreshed this often at most.</summary>
    public TimeSpan StatusInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a Secret is used before it is read again.</summary>
    public TimeSpan SecretFreshness { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Changes read from one partition at a time.</summary>
    public int ReadSize { get; set; } = 500;
}
