using System.Net;

namespace Kubernetes.Client;

/// <summary>
/// When a refused request is sent again: on 429, and on any 5xx with which the server says when to come back. Nothing else is
/// repeated here: what the caller meant may no longer be true, and it has its own backoff.
/// </summary>
internal static class RetryPolicy
{
    public const int MaxTries = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestOwnWait = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait before the next try; null to give up.</summary>
    /// <param name="tries">Tries made so far, at least 1.</param>
    public static TimeSpan? Delay(ApiException error, int tries, int maxTries)
    {
        if (tries >= Math.Min(maxTries, MaxTries))
            return null;
        var retryable = error.StatusCode == HttpStatusCode.TooManyRequests
            || ((int)error.StatusCode >= 500 && error.RetryAfter is not null);
        if (!retryable)
            return null;
        var wait = error.RetryAfter ?? TimeSpan.FromSeconds(Math.Pow(2, tries - 1));
        var longest = error.RetryAfter is null ? LongestOwnWait : LongestWait;
        return wait < longest ? wait : longest;
    }
}
