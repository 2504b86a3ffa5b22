namespace Segmentation.Tests.Predictions;

public sealed class PurchaseSummaryTests
{
    private const long Day = PurchaseSummary.DayMs;

    [Fact]
    public void Purchases_of_one_day_are_one()
    {
        Purchase[] purchases = [new((10 * Day) + 5, 7), new((10 * Day) + Day - 1, 8), new(11 * Day, 1.5m), new((11 * Day) + 9, 2.5m), new(24 * Day, 3)];
        PurchaseSummary.Of(purchases).ShouldBe(new PurchaseSummary(10, 24, 2, 2, 7));
    }

    [Fact]
    public void Days_whose_purchases_come_to_nothing_are_repeats_without_value()
    {
        Purchase[] purchases = [new(0, 100), new(Day, 0), new(2 * Day, 5), new(3 * Day, 5), new(3 * Day, -5)];
        PurchaseSummary.Of(purchases).ShouldBe(new PurchaseSummary(0, 3, 3, 1, 5));
    }

    [Fact]
    public void Later_days_are_left_out()
    {
        Purchase[] purchases = [new(10 * Day, 1), new(12 * Day, 2), new(13 * Day, 4)];
        PurchaseSummary.Of(purchases, 9).ShouldBeNull();
        PurchaseSummary.Of(purchases, 11).ShouldBe(new PurchaseSummary(10, 10, 0, 0, 0));
        PurchaseSummary.Of(purchases, 12).ShouldBe(new PurchaseSummary(10, 12, 1, 1, 2));
        PurchaseSummary.Of([]).ShouldBeNull();
    }

    [Fact]
    public void Time_runs_from_the_beginning_of_the_first_day_in_weeks()
    {
        var summary = PurchaseSummary.Of([new Purchase((10 * Day) + 77, 1), new Purchase((17 * Day) + 99, 1)])!.Value;
        summary.RecencyWeeks.ShouldBe(1);
        summary.AgeWeeks(31 * Day).ShouldBe(3);
        summary.AgeWeeks((31 * Day) + (Day / 2)).ShouldBe(3 + (1 / 14.0), 1e-12);
        summary.AgeWeeks(17 * Day).ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(Day - 1, 0)]
    [InlineData(Day, 1)]
    [InlineData(-1, -1)]
    [InlineData(-Day, -1)]
    [InlineData(-Day - 1, -2)]
    public void Days_begin_at_midnight_UTC(long instantMs, long day) => PurchaseSummary.DayOf(instantMs).ShouldBe(day);
}
