using System.Net;

namespace Kubernetes.Client;

/// <summary>A request to the API server that did not succeed. The kinds of failure are types; nobody matches on text.</summary>
public abstract class KubernetesException(string message, Exception? inner) : Exception(message, inner);

/// <summary>No answer: the connection failed, broke, or the request's time ran out. Whether a write took effect is unknown.</summary>
public sealed class ServerUnreachableException(string message, Exception? inner = null) : KubernetesException(message, inner);

/// <summary>The API server answered, with a refusal or a failure of its own.</summary>
public class ApiException(string message, HttpStatusCode statusCode, ApiStatus? status) : KubernetesException(message, inner: null)
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>The server's explanation, when it gave one that can be read.</summary>
    public ApiStatus? Status { get; } = status;

    /// <summary>How long the server asks to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Makes the exception whose type says what the server answered.</summary>
    internal static ApiException From(string request, HttpStatusCode code, ApiStatus? status, TimeSpan? retryAfter)
    {
        var message = $"{request}: {(int)code} {status?.Reason ?? code.ToString()}{(status?.Message is { } text ? ": " + text : "")}";
        return code switch
        {
            HttpStatusCode.Unauthorized => new UnauthorizedException(message, status),
            HttpStatusCode.Forbidden => new ForbiddenException(message, status) { RetryAfter = retryAfter },
            HttpStatusCode.NotFound => new NotFoundException(message, status),
            HttpStatusCode.Conflict when status?.Reason == "AlreadyExists" => new AlreadyExistsException(message, status),
            HttpStatusCode.Conflict => new ConflictException(message, status),
            HttpStatusCode.Gone => new GoneException(message, status),
            HttpStatusCode.UnprocessableEntity => new InvalidException(message, status),
            HttpStatusCode.TooManyRequests => new TooManyRequestsException(message, status) { RetryAfter = retryAfter },
            _ => new ApiException(message, code, status) { RetryAfter = retryAfter },
        };
    }
}

/// <summary>401: the credentials were not accepted.</summary>
public sealed class UnauthorizedException(string message, ApiStatus? status) : ApiException(message, HttpStatusCode.Unauthorized, status);

/// <summary>403: the credentials were accepted, the rights are missing.</summary>
public sealed class ForbiddenException(string message, ApiStatus? status) : ApiException(message, HttpStatusCode.Forbidden, status);

/// <summary>404: no such object, or no such kind (its definition is not installed).</summary>
public sealed class NotFoundException(string message, ApiStatus? status) : ApiException(message, HttpStatusCode.NotFound, status);

/// <summary>409: the object changed since it was read, or another field manager owns a field.</summary>
public class ConflictException(string message, ApiStatus? status) : ApiException(message, HttpStatusCode.Conflict, status);

/// <summary>409 on a create: the name is taken.</summary>
public sealed class AlreadyExistsException(string message, ApiStatus? status) : ConflictException(message, status);

/// <summary>410: the resource version or the continue token is older than what the server remembers. List again.</summary>
public sealed class GoneException(string message, ApiStatus? status) : ApiException(message, HttpStatusCode.Gone, status);

/// <summary>429: wait for <see cref="ApiException.RetryAfter"/>.</summary>
public sealed class TooManyRequestsException(string message, ApiStatus? status)
    : ApiException(message, HttpStatusCode.TooManyRequests, status);

/// <summary>422: the object breaks the schema or a rule; or the test of a JSON patch does not hold.</summary>
public sealed class InvalidException(string message, ApiStatus? status) : ApiException(message, HttpStatusCode.UnprocessableEntity, status)
{
    /// <summary>What the server found, field by field.</summary>
    public IReadOnlyList<ApiStatusCause> Causes { get; } = status?.Details?.Causes ?? [];
}
