using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Segmentation;
using Segmentation.Operator.Http;
using Segmentation.Resources;

namespace EndToEnd.Tests.Docs;

public sealed partial class ExamplesAndLimitsTests
{
    public static TheoryData<string, string, string> Limits => new()
    {
        { "http-api", "an event or profile id", $"1 to {EventJson.MaxIdLength} characters, no control characters" },
        { "http-api", "an event name", $"1 to {EventJson.MaxNameLength} characters, no control characters" },
        { "http-api", "a value", $"at most {Number(EventJson.MaxValue)} away from 0, at most 28 digits" },
        { "http-api", "properties of an event or profile", $"{PropertyBag.MaxCount}" },
        { "http-api", "channels of consent, and of suppression, of a profile", $"{ProfileFacts.MaxChannels}; further ones are not taken up" },
        { "http-api", "a channel", $"1 to {ProfileFacts.MaxChannelLength} characters: a small letter, then small letters, digits, `_` and `-`" },
        { "http-api", "remembered changes of a property", $"{PropertyHistory.MaxPerProperty}, the latest" },
        { "http-api", "remembered changes of a profile's properties, together", $"{Number(PropertyHistory.MaxCharacters)} characters, 16 for each change added; the oldest are forgotten first" },
        { "http-api", "a property name", $"1 to {PropertyBag.MaxNameLength} characters" },
        { "http-api", "a property's text", $"{PropertyValue.MaxTextLength} characters" },
        { "http-api", "a property's list", $"{PropertyValue.MaxListLength} texts" },
        { "http-api", "a body", $"{new HttpOptions().MaxBodyBytes / 1024 / 1024} MiB (`Http__MaxBodyBytes`)" },
        { "http-api", "events in a request", $"{Number(new HttpOptions().MaxEventsPerRequest)} (`Http__MaxEventsPerRequest`)" },
        { "http-api", "all bodies being worked on", $"{new HttpOptions().MaxBytesInFlight / 1024 / 1024} MiB (`Http__MaxBytesInFlight`)" },
        { "segments", "groups in one another", $"{ConditionSpec.GroupLevelsMax}" },
        { "segments", "conditions in a group", $"1 to {ConditionSpec.GroupItemsMax}" },
        { "segments", "tests in `where`", $"1 to {EventConditionSpec.WhereItemsMax}" },
        { "segments", "operands of `in`, `notIn`, `containsAny`, `containsAll`, `containsNone`", $"1 to {PropertyOperators.OperandsMax}" },
        { "segments", "days of `anniversary`", $"0 to {AnniversarySpec.DaysMax}" },
        { "segments", "an operand", $"{ScalarValue.LengthMax} characters" },
        { "segments", "a channel", $"{ConsentConditionSpec.ChannelLengthMax} characters: a small letter, then small letters, digits, `_` and `-`" },
        { "segments", "a regular expression", $"{PropertyPredicate.MaxPatternLength} characters" },
        { "segments", "a duration", $"{DurationText.MaxMs / 86_400_000} days" },
        { "segments", "`drift.window`", $"{WorkspaceCompiler.DriftWindowMaxMs / 3_600_000} hours" },
        { "segments", "tiers in an `rfm` condition", $"1 to {RfmConditionSpec.TiersMax}" },
        { "segments", "names in `place`", $"1 to {PlaceConditionSpec.NamesMax}" },
        { "segments", "ids in `profiles`", $"1 to {ProfilesConditionSpec.IdsMax}" },
        { "segments", "segments that refer to one another in a chain", $"{SegmentDefinition.MaxDepth}" },
    };

    public static TheoryData<string> Presets => ["classic", "lifecycle"];

    [Theory, MemberData(nameof(Limits))]
    public void Limits_are_those_of_the_code(string document, string what, string limit) =>
        MarkdownFile.Of($"docs/{document}.md").TableRows.Single(cells => cells.Length == 2 && cells[0] == what)[1].ShouldBe(limit);

    [Fact]
    public void Examples_of_JSON_are_JSON_and_their_events_are_accepted()
    {
        var lines = MarkdownFile.All.SelectMany(file => file.Blocks).Where(block => block.Language is "json" or "jsonl")
            .SelectMany(block => block.Language == "json" ? [block.Text] : block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var events = 0;
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            if (!json.RootElement.TryGetProperty("occurredAt", out _)) continue;
            events++;
            EventJson.TryRead(Encoding.UTF8.GetBytes(line.Trim()), EventLimits.None, out _, out var error, out var ignored).ShouldBeTrue(error.ToString());
            ignored.ShouldBe(0);
        }
        events.ShouldBeGreaterThan(0);
    }

    [Theory, MemberData(nameof(Presets))]
    public void The_tables_of_tiers_are_those_of_the_engine(string preset)
    {
        var tiers = preset == "classic" ? RfmTiers.Classic : RfmTiers.Lifecycle;
        var rows = MarkdownFile.Of("docs/rfm.md").TableRows.Where(cells => cells.Length == (preset == "classic" ? 3 : 5) && cells[0].StartsWith('`')
            && tiers.Names.Contains(cells[0].Trim('`'))).ToArray();

        rows.Select(cells => cells[0].Trim('`')).ShouldBe(tiers.Names);
        foreach (var cells in rows)
        {
            for (var r = 1; r <= 5; r++)
            for (var f = 1; f <= 5; f++)
            for (var m = 1; m <= 5; m++)
            {
                var (recency, frequency, monetary, single) = preset == "classic"
                    ? (cells[1], cells[2], "any", false)
                    : (cells[2], cells[3], cells[4], cells[1] == "1");
                var covered = Covers(recency, r) && Covers(frequency, f) && Covers(monetary, m)
                    && !(cells[0] != "`vip`" && preset == "lifecycle" && !single && r >= 4 && f >= 4 && m >= 4); // the first match is vip
                (tiers.TierOf(r, f, m, single ? 1 : 2) == cells[0].Trim('`')).ShouldBe(covered, $"{cells[0]} {r}{f}{m}");
            }
        }
    }

    [Fact]
    public void The_list_of_Redis_keys_is_that_of_the_code()
    {
        var storage = RepositoryRoot.Combine("src", "Operator", "Storage");
        string[] sources = [Path.Combine(storage, "Keys.cs"), .. Directory.EnumerateFiles(Path.Combine(storage, "Scripts"), "*.lua")];
        var keys = sources.SelectMany(file => KeyName().Matches(File.ReadAllText(file))).Select(m => m.Groups["name"].Value);
        var listed = MarkdownFile.Of("docs/data-model.md").TableRows.Where(cells => cells[0].StartsWith('`'))
            .Select(cells => cells[0].Trim('`').Replace("{acme}:", "", StringComparison.Ordinal).Split(':')[0]);

        listed.Distinct().Order(StringComparer.Ordinal).ShouldBe(keys.Distinct().Order(StringComparer.Ordinal));
    }

    private static bool Covers(string range, int digit)
    {
        if (range == "any") return true;
        var bounds = range.Split('–').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return digit >= bounds[0] && digit <= bounds[^1];
    }

    private static string Number(decimal number) => number.ToString("N0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?:prefix \+ ""|prefix \.\. '|=> \$""|\}\}\}:)(?<name>[a-z]+)", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex KeyName();
}
