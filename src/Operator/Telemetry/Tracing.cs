using System.Diagnostics;
using Kubernetes.Controllers;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Segmentation.Operator.Telemetry;

/// <summary>
/// Spans of what takes time, sent by OTLP where the environment names a collector; off otherwise. No span carries a profile id or a property.
/// </summary>
internal static class Tracing
{
    private const string ServiceName = "segmentation-operator";

    private static readonly ActivitySource Source = new("Segmentation.Operator");

    /// <summary>Starts sending when the environment has <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, the OpenTelemetry specification's own variable.</summary>
    /// <returns>Sends the rest when disposed; null when nothing is sent.</returns>
    public static TracerProvider? Build(IConfiguration configuration)
    {
        var isWanted = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] is { Length: > 0 };
        return isWanted
            ? Sdk.CreateTracerProviderBuilder()
                .ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: typeof(Tracing).Assembly.GetName().Version?.ToString(3)))
                .AddSource(Source.Name, RuntimeTracing.SourceName, "System.Net.Http")
                .AddOtlpExporter()
                .Build()
            : null;
    }

    /// <summary>The acceptance of one request's events, as part of the sender's trace where it has one.</summary>
    public static Activity? StartAccept(string workspace, HttpRequest request)
    {
        var isPart = ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var sender);
        return Source.StartActivity("accept events", ActivityKind.Server, isPart ? sender : default)?.SetTag("segmentation.workspace", workspace);
    }

    /// <summary>One turn of a partition. <see cref="Forget"/> it when there was nothing to do.</summary>
    public static Activity? StartTurn(string workspace, int partition) =>
        Source.StartActivity("partition turn")?.SetTag("segmentation.workspace", workspace).SetTag("segmentation.partition", partition);

    public static Activity? StartPlan(string workspace) => Source.StartActivity("plan workspace")?.SetTag("segmentation.workspace", workspace);

    public static Activity? StartDelivery(string workspace, string audienceSync, int changes) =>
        Source.StartActivity("deliver audience batch")?.SetTag("segmentation.workspace", workspace)
            .SetTag("segmentation.audience_sync", audienceSync).SetTag("segmentation.changes", changes);

    /// <param name="why">Kept with the span: the kind of failure, not its text, which could hold anything.</param>
    public static void Failed(this Activity span, string? why) => span.SetStatus(ActivityStatusCode.Error, why);

    /// <summary>The span is not sent.</summary>
    public static void Forget(this Activity span) => span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
}
