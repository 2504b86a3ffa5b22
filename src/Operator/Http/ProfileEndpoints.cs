using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Segmentation.Operator.Partitions;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Http;

/// <summary>
/// <c>PUT /v1/{workspace}/profiles/{id}</c> replaces a profile's properties, <c>PATCH</c> merges into them (null removes one), and <c>GET</c> tells
/// everything that is known and decided of the profile.
/// </summary>
internal sealed class ProfileEndpoints(EventAppender appender, RequestBodies bodies, ProfileReader profiles, BusinessClock clock)
{
    public Task<IResult> PutAsync(string workspace, HttpRequest request) => ChangeAsync(workspace, request, merge: false);

    public Task<IResult> PatchAsync(string workspace, HttpRequest request) => ChangeAsync(workspace, request, merge: true);

    public async Task<IResult> GetAsync(string workspace, HttpRequest request)
    {
        var id = IdOf(request);
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        var profile = await profiles.ReadAsync(workspace, id);
        return profile is null
            ? ApiError.NotFound("No event or property of this profile has arrived in the workspace.")
            : Results.Json(profile, ApiJson.Plain.ProfileResponse);
    }

    private async Task<IResult> ChangeAsync(string workspace, HttpRequest request, bool merge)
    {
        var id = IdOf(request);
        if (IdProblem(id) is { } problem) return ApiError.BadRequest(problem);
        using var body = await bodies.ReadAsync(request);
        if (body.Refusal is { } refusal) return refusal;
        if (!TryReadProperties(body.Bytes.Span, out var properties, out var removed, out var error)) return ApiError.BadRequest(error);
        var outcome = await appender.AppendAsync(workspace, clock.NowMs, new ProfileChange(id, properties, merge, merge ? removed : []));
        return outcome == AppendOutcome.Appended ? Results.Accepted() : ApiError.From(outcome);
    }

    // Route values keep %2F encoded, and then no longer tell it from an encoded percent sign; the request line has both as they were sent.
    private static string IdOf(HttpRequest request)
    {
        var path = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2)[0];
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }

    private static string? IdProblem(string id) =>
        id.Length is 0 or > EventJson.MaxIdLength || id.Any(char.IsControl)
            ? $"The profile id must have 1 to {EventJson.MaxIdLength} characters and no control characters."
            : null;

    private static bool TryReadProperties(ReadOnlySpan<byte> body, out PropertyBag properties, out List<string> removed, out string error)
    {
        properties = PropertyBag.Empty;
        removed = [];
        error = "The body must be a JSON object such as {\"properties\":{\"country\":\"DE\"}}.";
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            var found = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isProperties = reader.ValueTextEquals("properties"u8);
                reader.Read();
                if (!isProperties)
                {
                    reader.Skip();
                    continue;
                }
                if (reader.TokenType != JsonTokenType.StartObject) return false;
                removed = NullNames(reader);
                properties = PropertyBag.ReadJson(ref reader);
                found = true;
            }
            return found;
        }
        catch (JsonException e)
        {
            // PropertyBag's messages name the property and the cure; the reader's own carry a position only.
            error = e.BytePositionInLine is null ? e.Message : "The body is not valid JSON.";
            return false;
        }
    }

    // A copy of the reader: it looks ahead without moving the caller's.
    private static List<string> NullNames(Utf8JsonReader reader)
    {
        var names = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null) names.Add(name);
            reader.Skip();
        }
        return names;
    }
}
