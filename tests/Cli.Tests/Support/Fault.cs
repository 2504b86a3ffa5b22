namespace Segmentation.Cli.Tests.Support;

/// <summary>How a server fails a request that it would have taken.</summary>
internal abstract record Fault
{
    /// <summary>Answers with a status instead of doing anything.</summary>
    internal sealed record Status(int Code, int? RetryAfterSeconds = null, string? Error = null) : Fault;

    /// <summary>Cuts the connection before doing anything.</summary>
    internal sealed record Drop : Fault;

    /// <summary>Takes the events, then cuts the connection instead of saying so.</summary>
    internal sealed record DropAfterTaking : Fault;
}
