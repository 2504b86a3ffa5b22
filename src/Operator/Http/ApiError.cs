using System.Globalization;

namespace Segmentation.Operator.Http;

/// <summary>Refusals, all of one form: <c>{"error":"what is wrong and what to do"}</c>.</summary>
internal static class ApiError
{
    public static IResult BadRequest(string message) => Error(StatusCodes.Status400BadRequest, message);

    public static IResult TooLarge(string message) => Error(StatusCodes.Status413PayloadTooLarge, message);

    public static IResult NotFound(string message) => Error(StatusCodes.Status404NotFound, message);

    public static IResult Conflict(string message) => Error(StatusCodes.Status409Conflict, message);

    public static IResult TooMany(string message, int retryAfterSeconds) => RetryLater(StatusCodes.Status429TooManyRequests, message, retryAfterSeconds);

    public static IResult NotReady() =>
        RetryLater(StatusCodes.Status503ServiceUnavailable, "The definitions are not known yet: the API server has not answered. Nothing was acknowledged; send the request again.", 2);

    public static IResult TokensUnknown() =>
        RetryLater(StatusCodes.Status503ServiceUnavailable, "The tokens of the workspace are not known yet: the API server has not answered. Nothing was acknowledged; send the request again.", 2);

    public static IResult OnlyIngestion() =>
        Error(StatusCodes.Status403Forbidden, "This token only takes events and properties in. Use one of the Secret's key `token` for anything else.");

    public static IResult Unavailable() =>
        RetryLater(StatusCodes.Status503ServiceUnavailable, "Redis cannot take or answer this now. Nothing was acknowledged; send the request again.", 2);

    public static IResult From(AppendOutcome outcome) => outcome switch
    {
        AppendOutcome.Full => TooMany("The log is full: events arrive faster than they are applied. Nothing was acknowledged; send the request again.", 1),
        AppendOutcome.Unavailable => Unavailable(),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static IResult Error(int status, string message) => Results.Json(new ErrorResponse(message), ApiJson.Plain.ErrorResponse, statusCode: status);

    private static RetryLaterResult RetryLater(int status, string message, int seconds) => new(Error(status, message), seconds);

    private sealed class RetryLaterResult(IResult inner, int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return inner.ExecuteAsync(httpContext);
        }
    }
}
