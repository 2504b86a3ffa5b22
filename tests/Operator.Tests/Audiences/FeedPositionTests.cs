using Segmentation.Operator.Audiences;

namespace Operator.Tests.Audiences;

public sealed class FeedPositionTests
{
    [Theory]
    [InlineData("0-0", "r1", "", "")]
    [InlineData("1700000000000-3", "abc", "1700000000000", "c-1")]
    [InlineData("1-1", "abc", "5", "a profile with spaces ")]
    public void A_position_among_members_is_read_as_it_was_written(string noted, string revision, string joinedAt, string profile)
    {
        var position = new AmongMembers(noted, revision, joinedAt, profile);

        FeedPosition.Parse(position.Format()).ShouldBe(position);
        position.OutboxId.ShouldBe(noted);
    }

    [Fact]
    public void A_position_along_the_outbox_is_read_as_it_was_written() =>
        FeedPosition.Parse(new Following("17-4").Format()).ShouldBe(new Following("17-4"));

    [Fact]
    public void The_next_id_follows_at_once()
    {
        StreamId.Parse("5-9").Next().ToString().ShouldBe("5-10");
        StreamId.Parse("5-18446744073709551615").Next().ToString().ShouldBe("6-0");
    }
}
