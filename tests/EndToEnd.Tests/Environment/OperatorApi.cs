using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EndToEnd.Tests;

/// <summary>The operator's HTTP API, as its users see it.</summary>
public sealed class OperatorApi(OperatorProcess process) : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(60) };

    public async Task SetClockAsync(DateTimeOffset now)
    {
        using var response = await _client.PutAsJsonAsync(At("test/clock"), new { now });
        response.EnsureSuccessStatusCode();
    }

    public async Task<DateTimeOffset> ClockAsync() => (await JsonAsync("test/clock")).GetProperty("now").GetDateTimeOffset();

    /// <summary>Sends one request of NDJSON and returns the answer, whatever it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(string workspace, IEnumerable<ShopEvent> events)
    {
        using var body = new StringContent(string.Join('\n', events.Select(e => e.ToJson())), Encoding.UTF8, "application/x-ndjson");
        return await _client.PostAsync(At($"v1/{workspace}/events"), body);
    }

    public async Task PutProfileAsync(string workspace, string id, object properties)
    {
        using var response = await _client.PutAsJsonAsync(At($"v1/{workspace}/profiles/{id}"), new { properties });
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Every member, page by page, by joined-at.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(string workspace, string segment)
    {
        var members = new List<string>();
        string? cursor = null;
        do
        {
            var page = await JsonAsync($"v1/{workspace}/segments/{segment}/members?limit=5000" + (cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor)));
            members.AddRange(page.GetProperty("members").EnumerateArray().Select(m => m.GetProperty("profileId").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return members;
    }

    public Task<JsonElement> ProfileAsync(string workspace, string id) => JsonAsync($"v1/{workspace}/profiles/{id}");

    /// <summary>The detail of /readyz, also when it is not ready.</summary>
    public async Task<JsonElement> ReadinessAsync()
    {
        using var response = await _client.GetAsync(At("readyz"));
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The sum of a metric's samples whose labels hold the text.</summary>
    public async Task<double> MetricAsync(string name, string label = "")
    {
        var text = await _client.GetStringAsync(At("metrics"));
        return text.Split('\n')
            .Where(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonElement> JsonAsync(string path) => await _client.GetFromJsonAsync<JsonElement>(At(path));

    private Uri At(string path) => new(process.Address, path);
}
