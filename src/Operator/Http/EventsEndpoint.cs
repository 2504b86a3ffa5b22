using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Telemetry;

namespace Segmentation.Operator.Http;

/// <summary>
/// <c>POST /v1/{workspace}/events</c>: a JSON array, one JSON object, or NDJSON. Answers 202 only after every event it calls accepted is
/// committed or in a log. An event that is wrong does not keep the others out.
/// </summary>
internal sealed class EventsEndpoint(
    EventAppender appender, RequestBodies bodies, BusinessClock clock, IOptions<HttpOptions> options, DataPlaneMetrics metrics)
{
    public async Task<IResult> PostAsync(string workspace, HttpRequest request)
    {
        using var span = Tracing.StartAccept(workspace, request);
        using var body = await bodies.ReadAsync(request);
        if (body.Refusal is { } refusal) return refusal;

        var limits = new EventLimits(clock.NowMs + (long)options.Value.FutureTolerance.TotalMilliseconds);
        var parsed = EventBody.Parse(body.Bytes, IsNdjson(request), limits);
        if (parsed.Malformed is { } malformed) return ApiError.BadRequest(malformed);
        if (parsed.Count == 0) return ApiError.BadRequest("The body holds no event. Send a JSON array, one JSON object, or NDJSON with one event a line.");
        if (parsed.Count > options.Value.MaxEventsPerRequest)
            return ApiError.TooLarge($"The body holds {parsed.Count} events; send at most {options.Value.MaxEventsPerRequest} at a time.");

        var outcome = await appender.AppendAsync(workspace, parsed.Events);
        if (outcome != AppendOutcome.Appended) return ApiError.From(outcome);
        span?.SetTag("segmentation.events", parsed.Events.Count).SetTag("segmentation.events_rejected", parsed.Rejected.Count);
        metrics.Accepted(workspace, parsed.Events.Count, parsed.Rejected.Count, parsed.IgnoredFields);
        var answer = new IngestResponse(parsed.Events.Count, parsed.Rejected, parsed.IgnoredFields);
        return Results.Json(answer, ApiJson.Plain.IngestResponse, statusCode: parsed.Events.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status400BadRequest);
    }

    private static bool IsNdjson(HttpRequest request) =>
        request.ContentType is { } type
        && (type.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/jsonl", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("application/x-jsonlines", StringComparison.OrdinalIgnoreCase));
}
