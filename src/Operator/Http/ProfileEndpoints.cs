using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary>
/// <c>PUT /v1/{workspace}/profiles/{id}</c> replaces a profile's properties, <c>PATCH</c> merges into them (null removes one); both state consent and
/// suppression. <c>DELETE</c> erases the profile. <c>GET</c> tells everything that is known and decided of the profile; <c>GET …/explain</c> tells why.
/// </summary>
internal sealed class ProfileEndpoints(EventAppender appender, RequestBodies bodies, ProfileReader profiles, ProfileExport export, BusinessClock clock)
{
    private const string UnknownProfile = "No event or property of this profile has arrived in the workspace.";

    public Task<IResult> PutAsync(string workspace, HttpRequest request) => ChangeAsync(workspace, request, merge: false);

    public Task<IResult> PatchAsync(string workspace, HttpRequest request) => ChangeAsync(workspace, request, merge: true);

    public async Task<IResult> DeleteAsync(string workspace, HttpRequest request)
    {
        var id = IdOf(request);
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        var outcome = await appender.EraseAsync(workspace, clock.NowMs, id);
        return outcome == AppendOutcome.Appended ? Results.Accepted() : ApiError.From(outcome);
    }

    public async Task<IResult> GetAsync(string workspace, HttpRequest request)
    {
        var id = IdOf(request);
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        var profile = await profiles.ReadAsync(workspace, id);
        return profile is null
            ? ApiError.NotFound(UnknownProfile)
            : Results.Json(profile, ApiJson.Plain.ProfileResponse);
    }

    /// <summary><c>GET …/profiles/{id}/explain?segment=</c>: why the profile is in the segment or not, and when that changes.</summary>
    public async Task<IResult> ExplainAsync(string workspace, HttpRequest request, string? segment)
    {
        var id = IdOf(request, "/explain");
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        if (string.IsNullOrEmpty(segment)) return ApiError.BadRequest("Name the segment: ?segment=lapsing-vips.");
        if (await profiles.ExplainAsync(workspace, id, segment) is not { } served)
            return ApiError.NotFound("No event or property of this profile has arrived in the workspace, or no such segment serves members yet; see kubectl get segments.");
        return Results.Stream(
            async stream =>
            {
                await using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
                ExplanationJson.Write(writer, served.Explanation, served.JoinedAtMs is not null, served.JoinedAtMs);
            },
            "application/json");
    }

    /// <summary><c>GET …/profiles/{id}/export</c>: everything that is held of it.</summary>
    public async Task<IResult> ExportAsync(string workspace, HttpRequest request)
    {
        var id = IdOf(request, "/export");
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        return await export.PrepareAsync(workspace, id) is { } write ? Results.Stream(write, "application/json") : ApiError.NotFound(UnknownProfile);
    }

    private async Task<IResult> ChangeAsync(string workspace, HttpRequest request, bool merge)
    {
        var id = IdOf(request);
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        using var body = await bodies.ReadAsync(request);
        if (body.Refusal is { } refusal) return refusal;
        var nowMs = clock.NowMs;
        if (!ProfileUpdateJson.TryRead(body.Bytes.Span, nowMs, out var update, out var error)) return ApiError.BadRequest(error);
        var change = update.Properties is { } properties
            ? new ProfileChange(id, properties, merge, merge ? update.Removed : [], update.Facts)
            : new ProfileChange(id, PropertyBag.Empty, Merge: true, [], update.Facts);
        var outcome = await appender.AppendAsync(workspace, nowMs, change);
        return outcome == AppendOutcome.Appended ? Results.Accepted() : ApiError.From(outcome);
    }

    private static string? IdProblem(string id) =>
        id.Length is 0 or > EventJson.MaxIdLength || id.Any(char.IsControl)
            ? $"The profile id must have 1 to {EventJson.MaxIdLength} characters and no control characters."
            : null;

    // From the request line: the router leaves %2F as it is and decodes %25, so that a/b and a%2Fb would come out the same.
    private static string IdOf(HttpRequest request, string suffix = "")
    {
        var path = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0][..^suffix.Length];
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }
}
