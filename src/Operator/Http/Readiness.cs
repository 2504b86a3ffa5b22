using Kubernetes.Informers;
using Kubernetes.LeaderElection;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary><c>GET /readyz</c>: whether this replica can accept events and answer, and for each part why not.</summary>
internal sealed class Readiness(RedisConnection redis, InformerHealth informers, Leadership leadership, ShutdownDelay shutdown)
{
    public IResult Get()
    {
        var checks = new Dictionary<string, string>
        {
            ["redis"] = redis.IsConnected ? "ok" : "not connected; events are refused with 503 until it is back",
            ["definitions"] = informers.AllSynced ? "ok" : "waiting for the first complete list from the API server",
            ["apiServer"] = informers.UnreachableSince is { } since
                ? $"unreachable since {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; evaluating on the definitions known"
                : "ok",
            ["leader"] = leadership.IsLeader ? "this replica" : "another replica, or none yet",
        };
        if (shutdown.IsStopping) checks["shutdown"] = "asked to end; send to another replica";
        var ready = !shutdown.IsStopping && redis.IsConnected && informers.AllSynced;
        return Results.Json(
            new ReadinessResponse(ready, checks), ApiJson.Plain.ReadinessResponse,
            statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
