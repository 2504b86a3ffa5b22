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
        if (!declarations.HasSynced) return ApiError.NotReady();
        if (options.Value.TokenSecret.Length > 0 && await RefusalAsync(workspace, context.HttpContext) is { } refusal) return refusal;
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

    private async Task<IResult?> RefusalAsync(string workspace, HttpContext context)
    {
        // Nobody makes the operator ask the API server about, or remember, a workspace that is none.
        if (!declarations.IsWorkspace(workspace)) return Unauthorized(context);
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return Unauthorized(context);
        if (await tokens.OfAsync(workspace, context.RequestAborted) is not { } known) return ApiError.TokensUnknown();
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim()));
        if (Holds(known.ForAll, given)) return null;
        if (!Holds(known.ForIngestion, given)) return Unauthorized(context);
        return context.GetEndpoint()?.Metadata.GetMetadata<IngestionRoute>() is null ? ApiError.OnlyIngestion() : null;
    }

    // Digests of equal length, all of them compared: the time taken tells nothing about the token.
    private static bool Holds(byte[][] tokens, byte[] given)
    {
        var holds = false;
        foreach (var token in tokens) holds |= CryptographicOperations.FixedTimeEquals(given, token);
        return holds;
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
