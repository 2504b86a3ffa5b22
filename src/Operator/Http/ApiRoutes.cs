using Microsoft.Extensions.Options;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Telemetry;

namespace Segmentation.Operator.Http;

/// <summary>The HTTP API, route by route.</summary>
internal static class ApiRoutes
{
    public static void MapApi(this WebApplication app)
    {
        var workspace = app.MapGroup("/v1/{workspace}").AddEndpointFilter<WorkspaceAccess>();
        workspace.MapPost("/events", (string workspace, HttpRequest request, EventsEndpoint endpoint) => endpoint.PostAsync(workspace, request)).WithMetadata(IngestionRoute.Instance);
        workspace.MapPut("/profiles/{id}", (string workspace, HttpRequest request, ProfileEndpoints endpoint) => endpoint.PutAsync(workspace, request)).WithMetadata(IngestionRoute.Instance);
        workspace.MapPatch("/profiles/{id}", (string workspace, HttpRequest request, ProfileEndpoints endpoint) => endpoint.PatchAsync(workspace, request)).WithMetadata(IngestionRoute.Instance);
        workspace.MapDelete("/profiles/{id}", (string workspace, HttpRequest request, ProfileEndpoints endpoint) => endpoint.DeleteAsync(workspace, request));
        workspace.MapPost("/profiles/{id}/merge", (string workspace, HttpRequest request, ProfileEndpoints endpoint) => endpoint.MergeAsync(workspace, request));
        workspace.MapGet("/profiles/{id}", (string workspace, HttpRequest request, ProfileEndpoints endpoint) => endpoint.GetAsync(workspace, request));
        workspace.MapGet("/profiles/{id}/explain", (string workspace, HttpRequest request, string? segment, ProfileEndpoints endpoint) =>
            endpoint.ExplainAsync(workspace, request, segment));
        workspace.MapGet("/profiles/{id}/export", (string workspace, HttpRequest request, ProfileEndpoints endpoint) => endpoint.ExportAsync(workspace, request));
        workspace.MapGet("/segments/{name}/members", (string workspace, string name, string? limit, string? cursor, MembersEndpoint endpoint) =>
            endpoint.GetAsync(workspace, name, limit, cursor));

        app.MapGet("/healthz", () => Results.Text("ok"));
        app.MapGet("/readyz", (Readiness readiness) => readiness.Get());
        app.MapGet("/metrics", async (PrometheusReader reader, CancellationToken cancellationToken) =>
            Results.Text(await reader.ScrapeAsync(cancellationToken), PrometheusReader.ContentType));

        if (!app.Services.GetRequiredService<IOptions<DataPlaneOptions>>().Value.TestClock) return;
        app.MapGet("/test/clock", (BusinessClock clock) => ClockEndpoint.Get(clock));
        app.MapPut("/test/clock", (BusinessClock clock, ClockModel model) => ClockEndpoint.Put(clock, model));
    }
}
