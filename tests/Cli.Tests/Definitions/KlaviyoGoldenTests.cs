using Segmentation.Cli.Tests.Support;

namespace Segmentation.Cli.Tests.Definitions;

/// <summary>
/// Every kind of condition that Klaviyo's API has, in files that a person can read. <c>UPDATE_GOLDENS=1</c> writes the results anew; look at the difference.
/// </summary>
public sealed class KlaviyoGoldenTests
{
    public static TheoryData<string> Cases => [.. KlaviyoFixtures.Names];

    [Theory, MemberData(nameof(Cases))]
    public async Task An_answer_of_the_API_becomes_these_segments_and_findings(string name)
    {
        CliRun run = await KlaviyoFixtures.ImportAsync(KlaviyoFixtures.File($"{name}.json"));

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDENS") == "1")
        {
            await File.WriteAllTextAsync(KlaviyoFixtures.File($"{name}.yaml"), run.Out);
            await File.WriteAllTextAsync(KlaviyoFixtures.File($"{name}.txt"), run.Error);
        }
        run.Out.ShouldBe(await File.ReadAllTextAsync(KlaviyoFixtures.File($"{name}.yaml")));
        run.Error.ShouldBe(await File.ReadAllTextAsync(KlaviyoFixtures.File($"{name}.txt")));
        run.Code.ShouldBe(run.Error.Contains("\n  lost  ") ? 1 : 0);
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task What_is_written_compiles(string name)
    {
        CliRun run = await KlaviyoFixtures.ImportAsync(KlaviyoFixtures.File($"{name}.json"));

        ImportedWorkspace.Compile(run.Out).Segments.ShouldNotBeEmpty();
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task JSON_says_the_same_as_YAML_and_text(string name)
    {
        CliRun text = await KlaviyoFixtures.ImportAsync(KlaviyoFixtures.File($"{name}.json"));
        CliRun json = await KlaviyoFixtures.ImportAsync(KlaviyoFixtures.File($"{name}.json"), "-o", "json");

        json.Error.ShouldBeEmpty();
        json.Code.ShouldBe(text.Code);
        json.Json.GetProperty("complete").GetBoolean().ShouldBe(text.Code == 0);
        var segments = json.Json.GetProperty("segments").EnumerateArray().ToList();
        segments.Count(segment => segment.TryGetProperty("resource", out _)).ShouldBe(text.Out.Split("\nkind: Segment\n").Length - 1);
        segments.Sum(segment => segment.GetProperty("findings").GetArrayLength())
            .ShouldBe(text.Error.Split('\n').Count(line => line.StartsWith("  lost  ", StringComparison.Ordinal) || line.StartsWith("  check ", StringComparison.Ordinal)));
    }

    /// <summary>The enumerations of the public API, revision 2026-07-15.</summary>
    public static TheoryData<string, string> Words
    {
        get
        {
            var words = new TheoryData<string, string>();
            void Add(string name, string values)
            {
                foreach (string value in values.Split(' '))
                    words.Add(name, value);
            }

            Add("type", "profile-group-membership profile-has-custom-object profile-marketing-consent profile-metric profile-metric-funnel");
            Add("type", "profile-not-in-flow profile-not-sent-email profile-permissions profile-postal-code-distance profile-predictive-analytics");
            Add("type", "profile-property profile-region profile-sample string numeric boolean existence list date");
            Add("operator", "contains ends-with equals not-contains not-ends-with not-equals not-starts-with nregex regex starts-with in not-in");
            Add("operator", "phone-country-code-in phone-country-code-not-in is-set not-set length-equals length-greater-than");
            Add("operator", "length-greater-than-or-equal length-less-than length-less-than-or-equal contains-all contains-any not-contains-all");
            Add("operator", "not-contains-any contains-substring not-contains-substring greater-than greater-than-or-equal less-than less-than-or-equal");
            Add("operator", "after before between-static at-least in-the-last in-the-next between anniversary-last anniversary-next alltime");
            Add("operator", "calendar-month anniversary anniversary-month");
            Add("unit", "hour day week kilometers miles");
            Add("measurement", "count sum");
            Add("subscription", "any subscribed unsubscribed never_subscribed");
            Add("channel", "email sms push whatsapp_marketing whatsapp_transactional");
            Add("field", "status_date is_double_opt_in method custom_source bounce_date manual_suppression_date invalid_email_date is_rcs_capable");
            Add("region", "european_union united_states");
            Add("dimension", "expected_date_of_next_purchase average_days_between_orders average_order_value churn_probability historic_clv");
            Add("dimension", "historic_number_of_orders predicted_clv predicted_number_of_orders total_clv predicted_gender channel_affinity");
            Add("completion_window_seconds", "DAYS_1 DAYS_180 DAYS_3 DAYS_30 DAYS_5 DAYS_90 HOURS_1 WEEKS_1 YEARS_1");
            return words;
        }
    }

    [Theory, MemberData(nameof(Words))]
    public void The_files_have_every_word_of_the_API(string field, string word)
    {
        KlaviyoFixtures.Names.Any(name => File.ReadAllText(KlaviyoFixtures.File($"{name}.json")).Contains($"\"{field}\": \"{word}\"")).ShouldBeTrue();
    }
}
