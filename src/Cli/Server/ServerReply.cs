using System.Net;
using System.Text.Json;

namespace Segmentation.Cli.Server;

/// <summary>A reply that was read to its end.</summary>
internal sealed record ServerReply(HttpStatusCode Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The reply's JSON document.</summary>
    /// <exception cref="CliException">It is not JSON: something else answers at this address.</exception>
    public JsonDocument Json()
    {
        try
        {
            return JsonDocument.Parse(Body);
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.Failed, $"the server answered {(int)Status} with something that is not JSON",
                "check that --server is the operator's address");
        }
    }

    /// <summary>What the server says went wrong: its <c>error</c> field, else the status.</summary>
    public string Error()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out JsonElement error)
                && error.ValueKind == JsonValueKind.String
                ? error.GetString()!
                : $"{(int)Status} {Status}";
        }
        catch (JsonException)
        {
            return $"{(int)Status} {Status}";
        }
    }

    /// <summary>The failure that this reply means for a command that needed a success.</summary>
    /// <param name="notFound">What to do when there is no such thing.</param>
    public CliException ToFailure(string notFound) => Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new CliException(ExitCode.Refused,
            $"the server refused the token: {Error()}", "give the right one with --token-file or in $SEGMENTATION_TOKEN"),
        HttpStatusCode.NotFound => new CliException(ExitCode.Refused, $"not found: {Error()}", notFound),
        _ => new CliException(ExitCode.Failed, $"the server answered {(int)Status}: {Error()}"),
    };
}
