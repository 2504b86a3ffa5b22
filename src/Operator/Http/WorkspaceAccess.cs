using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Segmentation.Operator.Storage;
using Segmentation.Operator.Workspaces;
using StackExchange.Redis;

namespace Segmentation.Operator.Http;

/// <summary>
/// Lets a request for a workspace through when the workspace exists and, where tokens are configured, the bearer token is one of it. Without the
/// right token nobody learns whether a workspace exists.
/// </summary>
internal sealed class WorkspaceAccess(DeclarationReader declarations, WorkspaceTokens tokens, IOptions<HttpOptions> options) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var workspace = (string)request.RouteValues["workspace"]!;
        if (options.Value.TokenSecret.Length > 0 && !await IsAllowedAsync(workspace, request)) return Unauthorized(context.HttpContext);
        if (!declarations.HasSynced) return ApiError.NotReady();
        if (!declarations.IsWorkspace(workspace))
            return ApiError.NotFound("Unknown workspace. A workspace is a namespace that holds at least one Segment, RfmPolicy or AudienceSync.");
        try
        {
            return await next(context);
        }
        catch (Exception e) when (e is StoreUnavailableException or RedisException)
        {
            return ApiError.Unavailable();
        }
    }

    private async Task<bool> IsAllowedAsync(string workspace, HttpRequest request)
    {
        // Nobody makes the operator ask the API server about, or remember, a workspace that is none.
        if (!declarations.IsWorkspace(workspace)) return false;
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return false;
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
        var allowed = false;

        // Digests of equal length, all of them compared: the time taken tells nothing about the token.
        foreach (var token in await tokens.OfAsync(workspace, request.HttpContext.RequestAborted))
            allowed |= CryptographicOperations.FixedTimeEquals(given, token);
        return allowed;
    }

    private static IResult Unauthorized(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Json(
            new ErrorResponse("A valid bearer token of this workspace is required: Authorization: Bearer TOKEN."),
            ApiJson.Plain.ErrorResponse,
            statusCode: StatusCodes.Status401Unauthorized);
    }
}
