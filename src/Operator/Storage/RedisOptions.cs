namespace Segmentation.Operator.Storage;

/// <summary>Where the data is and how it is laid out (configuration section <c>Redis</c>).</summary>
public sealed class RedisOptions
{
    /// <summary>StackExchange.Redis configuration string: host, or the nodes of a cluster, password, ssl …</summary>
    public string Configuration { get; set; } = "127.0.0.1:6379";

    /// <summary>
    /// Partitions of a workspace that does not exist yet, 1 to 16384. A workspace keeps the number it was created with.
    /// </summary>
    public int Partitions { get; set; } = 64;

    /// <summary>How long one command may take before its outcome counts as unknown.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Entries that one partition's log may hold before producers are told to wait.</summary>
    public int MaxLogLength { get; set; } = 100_000;
}
