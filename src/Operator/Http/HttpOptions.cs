namespace Segmentation.Operator.Http;

/// <summary>What the HTTP API accepts (configuration section <c>Http</c>).</summary>
public sealed class HttpOptions
{
    /// <summary>
    /// Name of the Secret that, in each workspace's namespace, holds under the key <c>token</c> the bearer tokens that open it, one a line, and under
    /// <c>ingest-token</c> those for sending events and properties only. Empty: no token is asked for.
    /// </summary>
    public string TokenSecret { get; set; } = "";

    /// <summary>Largest request body, bytes.</summary>
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Most events in one request.</summary>
    public int MaxEventsPerRequest { get; set; } = 20_000;

    /// <summary>Bytes of bodies being worked on at once; more requests than that are told to come back.</summary>
    public long MaxBytesInFlight { get; set; } = 256 * 1024 * 1024;

    /// <summary>How far ahead of the operator's clock an event may lie.</summary>
    public TimeSpan FutureTolerance { get; set; } = TimeSpan.FromHours(24);

    /// <summary>For how long a process that was asked to end goes on as before, but is not ready.</summary>
    public TimeSpan ShutdownDelay { get; set; } = TimeSpan.Zero;
}
