using System.Text;
using Segmentation.Operator.Storage;

namespace Segmentation.Operator.Tests.Storage;

public sealed class KeysTests
{
    [Theory]
    [InlineData("placed_order", "placed_order")]
    [InlineData("a:b", "a%3Ab")]
    [InlineData("100%", "100%25")]
    [InlineData("%3A", "%253A")]
    [InlineData("%25", "%2525")]
    [InlineData("%253A:", "%25253A%3A")]
    [InlineData("ü:\U0001F600", "ü%3A\U0001F600")]
    public void An_event_name_is_escaped_for_its_key_and_comes_back(string name, string escaped)
    {
        Keys.EscapeEventName(name).ShouldBe(escaped);
        Keys.UnescapeEventName(escaped).ShouldBe(name);
    }

    [Fact]
    public void Two_profiles_never_share_a_key()
    {
        string[] texts = ["a", "a:b", "a:b:c", "b", "b:c", "c", ":", "%3A", "a%3Ab", "%", "%25"];
        var keys = texts.SelectMany(id => texts.Select(name => (string)Keys.Events("{w/0}:", id, name)!)).ToArray();
        keys.Distinct().Count().ShouldBe(keys.Length);
    }

    [Theory]
    [InlineData("ada", "placed_order")]
    [InlineData("a:b", "c:d%")]
    [InlineData("ü\U0001F600", "ü:\U0001F600")]
    public void A_commit_names_the_events_of_a_profile_as_everybody_does(string profileId, string name)
    {
        var named = "{w/0}:events:" + Encoding.UTF8.GetString(Keys.EventsSuffix(profileId, name));
        named.ShouldBe((string)Keys.Events("{w/0}:", profileId, name)!);
    }

    [Fact]
    public void All_keys_of_a_partition_share_one_hash_tag()
    {
        var prefix = Keys.Partition("acme", 7);
        prefix.ShouldBe("{acme/7}:");
        string[] keys =
        [
            Keys.Owner(prefix)!, Keys.Log(prefix)!, Keys.Profiles(prefix)!, Keys.Profile(prefix, "{x}")!, Keys.Events(prefix, "}{", "{y}")!,
            Keys.Due(prefix)!, Keys.Flow(prefix)!, Keys.Members(prefix, "vips", "r1")!, Keys.Outbox(prefix, "vips")!,
            Keys.Rfm(prefix, "default", "r1", "recency")!, Keys.Tier(prefix, "default", "loyal")!,
        ];
        foreach (var key in keys) key[..(key.IndexOf('}', StringComparison.Ordinal) + 1)].ShouldBe("{acme/7}");
        keys.Distinct().Count().ShouldBe(keys.Length);
    }

    [Theory]
    [InlineData("segment/vips@0123", true, "vips", "0123")]
    [InlineData("policy/default@ab", false, "default", "ab")]
    public void A_pass_key_names_its_kind_its_object_and_its_revision(string key, bool isSegment, string name, string revision)
    {
        Operator.Partitions.PassKeys.TryParse(key, out var kind, out var parsedName, out var parsedRevision).ShouldBeTrue();
        (kind, parsedName, parsedRevision).ShouldBe((isSegment, name, revision));
        (isSegment ? Operator.Partitions.PassKeys.Segment(name, revision) : Operator.Partitions.PassKeys.Policy(name, revision)).ShouldBe(key);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("segment/")]
    public void What_is_no_pass_key_is_not_taken_for_one(string key) => Operator.Partitions.PassKeys.TryParse(key, out _, out _, out _).ShouldBeFalse();
}
