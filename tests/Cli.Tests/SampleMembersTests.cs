using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests;

/// <summary>The sample definitions, evaluated over the shop that <c>generate</c> makes.</summary>
public sealed class SampleMembersTests : IDisposable
{
    private const string End = "2026-11-22T00:00:00Z";

    private static readonly string _samples = Path.Combine(AppContext.BaseDirectory, "samples");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_shop_fills_the_sample_segments_the_same_way_every_time()
    {
        await GenerateAsync("--customers", "300", "--events", "6000");

        CliRun first = await EvaluateAsync("--ids");
        CliRun second = await EvaluateAsync("--ids");

        first.Code.ShouldBe(0, first.ToString());
        second.Out.ShouldBe(first.Out);
        first.Error.ShouldContain("note: RfmPolicy default has no model, and predicts nothing: There are ");
        first.Error.ShouldContain(" customers of at least 500 (spec.predictions.minCustomers).");
        first.Json.EnumerateArray().Count(segment => segment.GetProperty("members").GetInt32() > 0).ShouldBeGreaterThan(30);
    }

    /// <summary>With what the demo generates when it is not told otherwise, but for the instant at which it ends.</summary>
    [Fact]
    public async Task The_shop_of_the_demo_gives_every_sample_segment_a_member_and_none_of_them_everybody()
    {
        await GenerateAsync();

        CliRun run = await EvaluateAsync();

        run.Code.ShouldBe(0, run.ToString());
        Dictionary<string, int> members = run.Json.EnumerateArray()
            .ToDictionary(segment => segment.GetProperty("segment").GetString()!, segment => segment.GetProperty("members").GetInt32());
        members.Count.ShouldBeGreaterThan(60);
        members.Where(segment => segment.Value == 0).Select(segment => segment.Key).ShouldBeEmpty();
        members.Where(segment => segment.Value >= File.ReadLines(_folder["customers.jsonl"]).Count()).ShouldBeEmpty();
    }

    private async Task GenerateAsync(params string[] size)
    {
        CliRun run = await CliRun.OfAsync(["generate", .. size, "--until", End, "--out", _folder["shop.jsonl"], "--profiles-out", _folder["customers.jsonl"]]);
        run.Code.ShouldBe(0, run.ToString());
    }

    private Task<CliRun> EvaluateAsync(params string[] options) => CliRun.OfAsync(
        ["evaluate", "-f", _samples, "--events", _folder["shop.jsonl"], "--profiles", _folder["customers.jsonl"], "--as-of", End, "-o", "json", .. options]);
}
