using Segmentation.Resources;

namespace Segmentation.Cli.Definitions.Klaviyo;

/// <summary><c>profile-predictive-analytics</c>: what a model expects of somebody, and statistics of their orders.</summary>
internal static class PredictiveCondition
{
    public static IReadOnlyList<ConditionSpec> Translate(SourceObject condition, ImportScope scope)
    {
        string dimension = condition.Text("dimension");
        if (dimension is "channel_affinity" or "predicted_gender")
            throw condition.NotKnown("dimension", dimension, "nothing here predicts it");
        if (dimension is "average_days_between_orders" or "total_clv")
        {
            throw condition.Lost("dimension", dimension, "not computed here", "use restarted or regular, or event with sum, in its place");
        }
        SourceObject filter = condition.Object("filter");
        return dimension switch
        {
            "churn_probability" => [Prediction(new() { ChurnProbability = Probability(filter) })],
            "predicted_number_of_orders" => [Prediction(new() { ExpectedPurchases = NumberFilter.Read(filter, new ComparisonSpec()) })],
            "predicted_clv" => [Prediction(new() { PredictedValue = NumberFilter.Read(filter, new ComparisonSpec()) })],
            "expected_date_of_next_purchase" => [Prediction(new() { ExpectedNextOrder = NextOrder(filter, scope) })],
            "historic_clv" => [Orders(new() { Sum = NumberFilter.Read(filter, new AggregateSpec()) })],
            "historic_number_of_orders" => [Orders(new() { Count = NumberFilter.Read(filter, new ComparisonSpec()) })],
            "average_order_value" => [Orders(new() { Avg = NumberFilter.Read(filter, new AggregateSpec()) })],
            _ => throw condition.NotKnown("dimension", dimension),
        };

        ConditionSpec Prediction(PredictionConditionSpec spec)
        {
            spec.Policy = scope.Settings.Policy;
            scope.Check(
                condition.At("dimension"), dimension, $"the model of RfmPolicy {spec.Policy} answers it, over its own horizon; Klaviyo's numbers are of another model",
                "apply an RfmPolicy with a model, name it with --policy, and look at the number again");
            return new ConditionSpec { Prediction = spec };
        }

        ConditionSpec Orders(EventConditionSpec spec)
        {
            spec.Name = scope.Settings.OrderEvent;
            scope.Check(
                condition.At("dimension"), dimension, $"computed from the event {spec.Name}", "name the event of your orders with --order-event");
            return new ConditionSpec { Event = spec };
        }
    }

    private static ComparisonSpec Probability(SourceObject filter) => NumberFilter.Read(filter, new ComparisonSpec()) is var comparison
        && (comparison.Eq ?? comparison.Ne ?? comparison.Gt ?? comparison.Gte ?? comparison.Lt ?? comparison.Lte ?? 0) is >= 0 and <= 1
            ? comparison
            : throw filter.Lost("value", "this probability", "not from 0 to 1", "divide it by 100 if it is a percentage");

    private static ExpectedNextOrderSpec NextOrder(SourceObject filter, ImportScope scope)
    {
        NumberFilter.RequireType(filter, "date");
        return filter.Text("operator") == "in-the-next"
            ? new ExpectedNextOrderSpec { WithinNext = SourceTimes.Duration(filter, "quantity", scope) }
            : throw SourceTimes.NotHere(filter, "the next order, which can only be expected in the next such time");
    }
}
