namespace Segmentation.Tests.Rules;

public sealed class ComparisonTests
{
    [Fact]
    public void Between_includes_both_bounds()
    {
        var between = Comparison.Between(1, 2);

        ((bool[])[between.Holds(0.99m), between.Holds(1), between.Holds(2), between.Holds(2.01m)]).ShouldBe([false, true, true, false]);
    }

    [Fact]
    public void Operands_must_fit_the_operator()
    {
        Should.Throw<ArgumentException>(() => new Comparison(ComparisonOperator.Between, 1)).Message.ShouldStartWith("Between takes two operands");
        Should.Throw<ArgumentException>(() => new Comparison(ComparisonOperator.Eq, 1, 2)).Message.ShouldStartWith("Between takes two operands");
        Should.Throw<ArgumentException>(() => Comparison.Between(2, 1)).Message.ShouldStartWith("Between needs its lower bound first");
        Should.Throw<ArgumentException>(() => Comparison.Gt(2e19m));
    }

    [Fact]
    public void The_largest_operand_times_the_largest_count_still_fits() =>
        Comparison.Lt(PropertyValue.MaxNumber).HoldsForQuotient(0m, int.MaxValue).ShouldBeTrue();

    [Fact]
    public void It_reads_like_it_is_written()
    {
        Comparison.Gte(3).ToString().ShouldBe("gte 3");
        Comparison.Between(1, 2.5m).ToString().ShouldBe("between 1 and 2.5");
    }
}
