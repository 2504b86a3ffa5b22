#:sdk Microsoft.NET.Sdk.Web
#:property PublishAot=false
#:property AssemblyName=webhook-receiver

// A receiver for the demo's audience syncs: checks each delivery's signature as Standard Webhooks says, answers 204, and tells what came.
// Environment: SIGNING_SECRET, the secret that signs ("whsec_" and base64). GET / gives the counts and the last body.
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

const int TimestampToleranceSeconds = 300;
const string SecretPrefix = "whsec_";

var secret = Environment.GetEnvironmentVariable("SIGNING_SECRET") ?? "";
if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
{
    Console.Error.WriteLine($"SIGNING_SECRET must begin with {SecretPrefix}; it is {(secret.Length == 0 ? "not set" : "of another form")}");
    return 2;
}

var key = Convert.FromBase64String(secret[SecretPrefix.Length..]);
var seen = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
var (refused, repeated, lastBody) = (0, 0, "");

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();

app.MapGet("/", () => Results.Text($$"""{"deliveries":{{seen.Count}},"repeated":{{repeated}},"refused":{{refused}},"last":{{(lastBody.Length == 0 ? "null" : lastBody)}}}""", "application/json"));
app.MapPost("/{**path}", async (HttpRequest request) =>
{
    using var buffer = new MemoryStream();
    await request.Body.CopyToAsync(buffer);
    var body = buffer.ToArray();
    var id = request.Headers["webhook-id"].ToString();
    if (!IsSigned(request.Headers, id, body, TimeProvider.System.GetUtcNow()))
    {
        Interlocked.Increment(ref refused);
        Console.WriteLine($"{request.Path}: refused, wrong or old signature");
        return Results.Unauthorized();
    }

    if (seen.TryAdd(id, 0))
        lastBody = Encoding.UTF8.GetString(body);
    else
        Interlocked.Increment(ref repeated);
    Console.WriteLine($"{request.Path}: delivery {id}, {body.Length} bytes");
    return Results.NoContent();
});
app.Run();
return 0;

bool IsSigned(IHeaderDictionary headers, string id, byte[] body, DateTimeOffset now)
{
    var timestamp = headers["webhook-timestamp"].ToString();
    if (id.Length == 0 || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sentAt)
        || Math.Abs(now.ToUnixTimeSeconds() - sentAt) > TimestampToleranceSeconds)
        return false;

    byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
    var expected = Encoding.ASCII.GetBytes("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)));
    // Several signatures, space-separated, while a secret is being changed.
    return headers["webhook-signature"].ToString().Split(' ')
        .Any(given => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), expected));
}
