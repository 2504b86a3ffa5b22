using System.Globalization;

namespace Segmentation;

/// <summary>
/// Compares what the policy's model expects of the profile. It does not hold while the policy has no model, of a profile without purchases
/// that count, and of one that the model says nothing of. <see cref="Verdict.NextChangeMs"/> is as good as the model's bound.
/// </summary>
public sealed class PredictionRule : Rule
{
    public PredictionRule(RfmPolicyDefinition policy, PredictedQuantity quantity, Comparison comparison)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
        Quantity = quantity;
        Comparison = comparison;
    }

    public RfmPolicyDefinition Policy { get; }

    public PredictedQuantity Quantity { get; }

    public Comparison Comparison { get; }

    public override Verdict Evaluate(Evaluation e)
    {
        if (Policy.Predictions is not { } model)
            return new Verdict(false, Verdict.Never, this);
        var next = e.Score(Policy).NextChangeMs;
        var purchases = e.PurchasesOf(Policy);
        if (purchases.IsEmpty)
            return new Verdict(false, next, this);
        var holds = model.Predict(purchases, e.InstantMs)?.Of(Quantity) is { } number && Comparison.Holds(number);
        next = Math.Min(next, model.NextCrossingMs(Quantity, Comparison.Operand, purchases, e.InstantMs));
        if (Comparison.Upper != Comparison.Operand)
            next = Math.Min(next, model.NextCrossingMs(Quantity, Comparison.Upper, purchases, e.InstantMs));
        return new Verdict(holds, next, this);
    }

    public override string Key => "prediction";

    public override string ToString() => Quantity == PredictedQuantity.NextOrderInMs
        ? $"{Policy.Name}: next order expected within {DurationWords.Of((long)Comparison.Upper)}"
        : $"{Policy.Name}: {Words(Quantity)} {Comparison}";

    private protected override string Finding(Evaluation e)
    {
        if (Policy.Predictions is null)
            return "the policy has no model yet";
        if (e.Predict(Policy)?.Of(Quantity) is not { } number)
            return "nothing is predicted";
        return Quantity == PredictedQuantity.NextOrderInMs
            ? $"the next order is expected at {Rfc3339.Format(Math.Clamp(e.InstantMs + (long)number, 0, Evaluation.LatestInstantMs))}"
            : string.Create(CultureInfo.InvariantCulture, $"{Words(Quantity)} {number}");
    }

    internal override void CollectDependencies(RuleDependencies.Collector into) => into.AddPolicy(Policy);

    private static string Words(PredictedQuantity quantity) => quantity switch
    {
        PredictedQuantity.ChurnProbability => "churn probability",
        PredictedQuantity.ExpectedPurchases => "expected purchases",
        _ => "predicted value",
    };
}
