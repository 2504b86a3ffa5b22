using Segmentation.Operator.Partitions;

namespace Segmentation.Operator.Tests.Partitions;

public sealed class PartitionSlotTests
{
    private readonly PartitionSlot _slot = new(null!);

    [Fact]
    public void It_waits_once_however_often_it_is_woken_and_in_both_queues_if_for_both()
    {
        _slot.TryQueue(TurnFor.Events).ShouldBeTrue();
        _slot.TryQueue(TurnFor.Events).ShouldBeFalse();
        _slot.TryQueue(TurnFor.All).ShouldBeTrue();
        _slot.TryQueue(TurnFor.All).ShouldBeFalse();
    }

    [Fact]
    public void A_turn_for_all_does_for_events_too_and_the_place_for_these_is_let_go()
    {
        _slot.TryQueue(TurnFor.Events);
        _slot.TryQueue(TurnFor.All);

        _slot.TryBeginTurn(TurnFor.All).ShouldBeTrue();
        _slot.EndTurn().ShouldBe((false, false));
        _slot.TryBeginTurn(TurnFor.Events).ShouldBeFalse();
        _slot.TryQueue(TurnFor.Events).ShouldBeTrue();
        _slot.TryBeginTurn(TurnFor.Events).ShouldBeTrue();
    }

    [Fact]
    public void A_turn_for_events_leaves_the_rest_waiting()
    {
        _slot.TryQueue(TurnFor.All);
        _slot.TryQueue(TurnFor.Events);

        _slot.TryBeginTurn(TurnFor.Events).ShouldBeTrue();
        _slot.TryBeginTurn(TurnFor.All).ShouldBeFalse("it never has two turns at once");
        _slot.EndTurn().ShouldBe((false, true));
        _slot.TryBeginTurn(TurnFor.All).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Woken_during_its_turn_it_gets_another(bool popped)
    {
        _slot.TryQueue(TurnFor.Events);
        _slot.TryBeginTurn(TurnFor.Events);

        _slot.TryQueue(TurnFor.Events).ShouldBeFalse("the end of the turn will say so");
        if (popped) _slot.TryBeginTurn(TurnFor.Events).ShouldBeFalse();
        _slot.EndTurn().ShouldBe((true, false));
        _slot.TryBeginTurn(TurnFor.Events).ShouldBeTrue();
        _slot.EndTurn().ShouldBe((false, false));
    }
}
