using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary>
/// <c>PUT /v1/{workspace}/profiles/{id}</c> replaces a profile's properties, <c>PATCH</c> merges into them (null removes one); both state consent and
/// suppression. <c>DELETE</c> erases the profile; <c>POST …/merge</c> has it count for another one. <c>GET</c> tells everything that is known and decided
/// of the profile; <c>GET …/explain</c> tells why.
/// </summary>
internal sealed class ProfileEndpoints(EventAppender appender, RequestBodies bodies, ProfileReader profiles, ProfileExport export, BusinessClock clock)
{
    // Longer ones may be made; one that comes back to its beginning over more of them is opened when it is applied.
    private const int LongestChainLookedAt = 16;

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

    /// <summary><c>POST …/profiles/{id}/merge</c>: from now on everything of the profile counts for another one.</summary>
    public async Task<IResult> MergeAsync(string workspace, HttpRequest request)
    {
        var id = IdOf(request, "/merge");
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        using var body = await bodies.ReadAsync(request);
        if (body.Refusal is { } refusal) return refusal;
        if (!ProfileMergeJson.TryRead(body.Bytes.Span, out var into, out var error)) return ApiError.BadRequest(error);
        if (into == id) return ApiError.BadRequest("into: is the profile itself; name another one.");
        if (await MergeConflictAsync(workspace, id, into) is { } conflict) return ApiError.Conflict(conflict);
        var outcome = await appender.MergeAsync(workspace, clock.NowMs, new ProfileMerge(id, into));
        return outcome == AppendOutcome.Appended ? Results.Accepted() : ApiError.From(outcome);
    }

    // As far as merges have been applied; what is not known here yet is settled then.
    private async Task<string?> MergeConflictAsync(string workspace, string id, string into)
    {
        if (await profiles.MergedIntoAsync(workspace, id) is { } known)
            return known == into ? null : "The profile was merged into another one before, and the first merge holds. GET of the profile names that one (mergedInto); merge that one instead.";
        string? next = into;
        for (var hops = 0; hops < LongestChainLookedAt && next is not null; hops++)
        {
            next = await profiles.MergedIntoAsync(workspace, next);
            if (next == id) return "into: that profile was merged into this one before, so it counts for this one already. Name a profile that does not.";
        }
        return null;
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
