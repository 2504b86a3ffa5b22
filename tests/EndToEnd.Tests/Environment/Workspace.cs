using System.Net;
using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>One test's namespace: what is applied to it, sent to it and read from it. Its objects are deleted when the test is over.</summary>
public sealed class Workspace(LocalEnvironment environment, string name) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>kubectl in this namespace, which must succeed.</summary>
    public Task<string> KubectlAsync(params string[] arguments) => environment.Kubectl.RunAsync(["-n", name, .. arguments]);

    public async Task ApplyAsync(string yaml) => (await TryApplyAsync(yaml)).ShouldSucceed();

    /// <summary>Without kubectl's own validation: what the server lets through reaches the operator.</summary>
    public Task<CommandResult> TryApplyAsync(string yaml) => environment.Kubectl.TryAsync(["-n", name, "apply", "--validate=false", "-f", "-"], yaml);

    /// <summary>Sends a Segment as it is written, past kubectl, which reads no JSON of any depth.</summary>
    public async Task CreateRawAsync(string json) =>
        (await environment.Kubectl.TryAsync(["create", "--raw", $"/apis/segmentation.dev/v1alpha1/namespaces/{name}/segments", "-f", "-"], json)).ShouldSucceed();

    /// <summary>Applies a Segment whose match is the given condition, in YAML's flow form or already indented by two.</summary>
    public Task ApplySegmentAsync(string segment, string match, string more = "") => ApplyAsync(SegmentYaml(segment, match, more));

    /// <summary>Applies the AudienceSync <c>crm</c>, which tells the receiver who enters and leaves a segment, and the Secret that it signs with.</summary>
    internal Task ApplySyncAsync(WebhookReceiver receiver, string segment) =>
        ApplyAsync(
            $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: crm}
            stringData:
              whsec: {{receiver.Secret}}
            ---
            apiVersion: segmentation.dev/v1alpha1
            kind: AudienceSync
            metadata: {name: crm}
            spec:
              segmentRef:
                name: {{segment}}
              destination:
                webhook:
                  url: {{receiver.Url}}
                  signingSecretRef: {name: crm, key: whsec}
              batch: {maxSize: 1000, maxDelay: 1s}
            """);

    public static string SegmentYaml(string segment, string match, string more = "") =>
        $"""
        apiVersion: segmentation.dev/v1alpha1
        kind: Segment
        metadata:
          name: {segment}
        spec:
          match: {match}
          {more}
        """;

    /// <summary>Sends events, again while the operator or Redis is away, until they are acknowledged; all of them must be right.</summary>
    public async Task SendAsync(params IEnumerable<ShopEvent> events)
    {
        foreach (var chunk in events.Chunk(5000))
        {
            await Eventually.GetAsync(
                async () =>
                {
                    using var response = await environment.Api.PostAsync(name, chunk);
                    return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
                },
                answer => answer.StatusCode == HttpStatusCode.Accepted && answer.Body.Contains($"\"accepted\":{chunk.Length},", StringComparison.Ordinal),
                "events are accepted");
        }
    }

    public Task<IReadOnlyList<string>> MembersAsync(string segment) => environment.Api.MembersAsync(name, segment);

    /// <summary>Waits until the members API gives exactly these.</summary>
    public async Task MembersBecomeAsync(string segment, params IEnumerable<string> members)
    {
        var wanted = members.Order(StringComparer.Ordinal).ToArray();
        await Eventually.GetAsync(
            async () => string.Join(' ', (await MembersAsync(segment)).Order(StringComparer.Ordinal)),
            seen => seen == string.Join(' ', wanted),
            $"members of {segment} are {string.Join(' ', wanted)}");
    }

    /// <summary>Waits until these Segments, and no others, have a current status, are ready and count as many members.</summary>
    /// <param name="patience">As for <see cref="Eventually"/>.</param>
    public Task CountsBecomeAsync(IReadOnlyDictionary<string, long?> counts, TimeSpan? patience = null) => Eventually.GetAsync(
        async () =>
        {
            var items = (await environment.Kubectl.GetAsync("-n", name, "segments")).GetProperty("items").EnumerateArray();
            var seen = items.ToDictionary(item => item.GetProperty("metadata").GetProperty("name").GetString()!, item => new ResourceStatus(item));
            var wrong = counts.Keys.Union(seen.Keys).Where(
                segment => !seen.TryGetValue(segment, out var status) || !counts.TryGetValue(segment, out var count)
                    || !status.IsCurrent || !status.Is("Ready", "True") || status.MemberCount != count).ToList();
            return string.Join('\n', wrong.Take(3).Select(segment => $"{segment}: {seen.GetValueOrDefault(segment)}").Prepend(wrong.Count == 0 ? "" : $"{wrong.Count} differ"));
        },
        differences => differences.Length == 0,
        "every segment has its count",
        patience);

    /// <summary>Everything in the workspace's keys, fields and values that names the segment.</summary>
    public async Task<IReadOnlyList<string>> TracesInRedisAsync(string segment)
    {
        var keys = await environment.Redis.KeysAsync(name);
        var hashes = keys.Where(key => key.EndsWith(":flow", StringComparison.Ordinal) || key.EndsWith(":owner", StringComparison.Ordinal) || key.EndsWith(":catalog", StringComparison.Ordinal));
        var fields = await environment.Redis.FieldsAsync([.. hashes]);
        return
        [
            .. keys.Where(key => key.Contains(":" + segment, StringComparison.Ordinal)),
            .. fields.Where(field => field[field.IndexOf(' ', StringComparison.Ordinal)..].Contains(segment, StringComparison.Ordinal)),
        ];
    }

    public async Task<ResourceStatus> StatusAsync(string resource) => new(await environment.Kubectl.GetAsync("-n", name, resource));

    /// <summary>Waits until the operator has seen the newest generation and its status is as wanted.</summary>
    public Task<ResourceStatus> StatusBecomesAsync(string resource, Func<ResourceStatus, bool> isWanted, string what) =>
        Eventually.GetAsync(() => StatusAsync(resource), status => status.IsCurrent && isWanted(status), $"{resource}: {what}");

    public Task<ResourceStatus> BecomesReadyAsync(string resource) => StatusBecomesAsync(resource, status => status.Is("Ready", "True"), "Ready");

    public async ValueTask DisposeAsync() =>
        await environment.Kubectl.TryAsync(["-n", name, "delete", "--wait=false", "segments,rfmpolicies,audiencesyncs", "--all"]);
}

/// <summary>An object as kubectl gives it, with its status.</summary>
public sealed class ResourceStatus(JsonElement resource)
{
    private readonly JsonElement _status = resource.TryGetProperty("status", out var status) ? status : default;

    public JsonElement Resource => resource;

    public bool IsCurrent => Number("observedGeneration") == resource.GetProperty("metadata").GetProperty("generation").GetInt64();

    public long? MemberCount => Number("memberCount");

    public string? ActiveRevision => Text("activeRevision");

    public long? Number(string field) => Field(field) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    public string? Text(string field) => Field(field) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public JsonElement? Field(string field) => _status.ValueKind == JsonValueKind.Object && _status.TryGetProperty(field, out var value) ? value : null;

    public bool Is(string condition, string value) => Condition(condition)?.GetProperty("status").GetString() == value;

    public string Reason(string condition) => Condition(condition)?.GetProperty("reason").GetString() ?? "";

    public string Message(string condition) => Condition(condition)?.GetProperty("message").GetString() ?? "";

    public override string ToString() => _status.ValueKind == JsonValueKind.Undefined ? "no status" : _status.GetRawText();

    private JsonElement? Condition(string type) =>
        Field("conditions") is { } conditions
            ? conditions.EnumerateArray().Where(c => c.GetProperty("type").GetString() == type).Select(c => (JsonElement?)c).FirstOrDefault()
            : null;
}
