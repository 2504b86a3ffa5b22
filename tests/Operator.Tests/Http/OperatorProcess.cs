using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Kubernetes.Tests.Server;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Http;

/// <summary>The real program as a process of its own, against a real Redis and an API server that holds one workspace, <c>acme</c>.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private const string ListeningMark = "Now listening on: ";

    private readonly Process _process;
    private readonly string _kubeconfig;
    private readonly ConcurrentQueue<string> _log = new();
    private volatile Uri? _address;

    private readonly bool _ownsApi;

    private OperatorProcess(FakeApiServer api, bool ownsApi, string redisConfiguration, string[] settings)
    {
        Api = api;
        _ownsApi = ownsApi;
        _kubeconfig = Path.GetTempFileName();
        File.WriteAllText(_kubeconfig, $$"""
            clusters: [{name: test, cluster: {server: "{{api.Address}}" } }]
            contexts: [{name: test, context: {cluster: test, namespace: operators} }]
            current-context: test
            """);
        Client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        string[] arguments =
        [
            Path.ChangeExtension(typeof(RedisConnection).Assembly.Location, ".dll"), "--urls=http://127.0.0.1:0", $"--Redis:Configuration={redisConfiguration}",
            "--Redis:Partitions=4", "--Redis:CommandTimeout=00:00:05", $"--Kubernetes:Kubeconfig={_kubeconfig}", "--Kubernetes:LeaderElection:Enabled=false",
            "--DataPlane:TestClock=true", .. settings,
        ];
        _process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.OutputDataReceived += (_, e) => Note(e.Data ?? "");
        _process.ErrorDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public FakeApiServer Api { get; }

    public HttpClient Client { get; }

    /// <summary>Everything it has logged.</summary>
    public string Log => string.Join('\n', _log);

    public static async Task<OperatorProcess> StartAsync(string redisConfiguration, params string[] settings)
    {
        var api = await FakeApiServer.StartAsync();
        Put(api, "apis/segmentation.dev/v1alpha1/segments", "buyers", """{"match":{"event":{"name":"placed_order"}}}""");
        Put(api, "apis/segmentation.dev/v1alpha1/segments", "recent", """{"match":{"event":{"name":"placed_order","within":"30d"}}}""");
        Put(api, "apis/segmentation.dev/v1alpha1/segments", "germans", """{"match":{"property":{"name":"country","in":["DE"]}}}""");
        Put(api, "apis/segmentation.dev/v1alpha1/segments", "loyal", """{"match":{"segment":{"name":"buyers","memberFor":"7d"}}}""");
        return await StartAsync(new OperatorProcess(api, ownsApi: true, redisConfiguration, settings));
    }

    /// <summary>One more process on an API server that others use, too.</summary>
    public static Task<OperatorProcess> StartReplicaAsync(FakeApiServer api, string redisConfiguration, params string[] settings) =>
        StartAsync(new OperatorProcess(api, ownsApi: false, redisConfiguration, ["--Kubernetes:LeaderElection:Enabled=true", .. settings]));

    private static async Task<OperatorProcess> StartAsync(OperatorProcess program)
    {
        await Eventually.HoldsAsync(program.IsReadyAsync, "the program is ready");
        return program;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Sends a signal: STOP, CONT, TERM, KILL.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _process.WaitForExitAsync();
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    /// <summary>The sum of a metric's samples whose labels hold the text.</summary>
    public async Task<double> MetricAsync(string name, string label = "") =>
        (await GetAsync("/metrics")).Body.Split('\n')
            .Where(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    public static JsonObject Put(FakeApiServer api, string collection, string name, string spec, string kind = "Segment") =>
        api.Store.Create(collection, $"{collection}/acme/{name}", new JsonObject
        {
            ["apiVersion"] = "segmentation.dev/v1alpha1",
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "acme" },
            ["spec"] = JsonNode.Parse(spec),
        });

    public static void PutSecret(FakeApiServer api, string name, string token, params (string Key, string Value)[] more) =>
        api.Store.Create("api/v1/secrets", $"api/v1/secrets/acme/{name}", new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "acme" },
            ["data"] = new JsonObject(more.Prepend(("token", token)).Select(pair => KeyValuePair.Create(pair.Item1, (JsonNode?)Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Item2))))),
        });

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", token);
        using var response = await SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        try
        {
            return await Client.SendAsync(request);
        }
        catch (HttpRequestException e) when (_process.HasExited)
        {
            throw new InvalidOperationException($"The program ended with code {_process.ExitCode}:\n{Log}", e);
        }
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostEventsAsync(string body, string type = "application/json") => PostEventsAsync(Encoding.UTF8.GetBytes(body), type);

    public Task<Answer> PostEventsAsync(byte[] body, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return SendAsync(HttpMethod.Post, "/v1/acme/events", content);
    }

    public Task<Answer> ChangeProfileAsync(HttpMethod method, string escapedId, string body) =>
        SendAsync(method, $"/v1/acme/profiles/{escapedId}", new StringContent(body, Encoding.UTF8, "application/json"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        if (_ownsApi) await Api.DisposeAsync();
        File.Delete(_kubeconfig);
    }

    // The system picks the port and the program says which: one that a test picked could be another program's by then.
    private void Note(string line)
    {
        if (line.IndexOf(ListeningMark, StringComparison.Ordinal) is var at and >= 0) _address = new Uri(line[(at + ListeningMark.Length)..].Trim());
        _log.Enqueue(line);
    }

    private async Task<bool> IsReadyAsync()
    {
        if (_process.HasExited) throw new InvalidOperationException($"The program ended with code {_process.ExitCode}:\n{Log}");
        if (_address is null) return false;
        Client.BaseAddress ??= _address;
        try
        {
            return (await GetAsync("/readyz")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

/// <summary>What came back.</summary>
internal sealed record Answer(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    /// <summary>The text of a refusal.</summary>
    public string Error => Json["error"]!.GetValue<string>();

    /// <summary>The reasons of refused items, by index.</summary>
    public Dictionary<int, string> Rejected =>
        Json["rejected"]!.AsArray().ToDictionary(r => r!["index"]!.GetValue<int>(), r => r!["reason"]!.GetValue<string>());

    public int Accepted => Json["accepted"]!.GetValue<int>();

    public int IgnoredFields => Json["ignoredFields"]!.GetValue<int>();
}
