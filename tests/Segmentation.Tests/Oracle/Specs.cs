namespace Segmentation.Tests.Oracle;

/// <summary>A rule as the oracle understands it: words and plain values, nothing of the engine.</summary>
public abstract record Spec;

public sealed record GroupSpec(string Kind, IReadOnlyList<Spec> Children) : Spec
{
    public override string ToString() => $"{Kind}({string.Join(", ", Children)})";
}

public sealed record EventSpec(
    string Name, IReadOnlyList<PredicateSpec> Where, string Aggregate, string Of, string Op, decimal A, decimal B, long? Within, long Younger) : Spec
{
    public override string ToString() =>
        $"{Aggregate}({Name}.{Of} where [{string.Join(" and ", Where)}]) {Op} {A} {B} between {Younger} and {Within} ago";
}

public sealed record PropertySpec(PredicateSpec Predicate) : Spec;

public sealed record SegmentSpec(string Name, Spec Rule, bool IsMember) : Spec;

public sealed record RfmSpec(PolicySpec Policy, IReadOnlyList<string> Tiers) : Spec
{
    public override string ToString() => $"rfm({Policy} in {string.Join("|", Tiers)})";
}

/// <summary>Operands are texts, decimals, booleans or arrays of texts.</summary>
public sealed record PredicateSpec(string Property, string Op, IReadOnlyList<object> Operands, bool IncludeMissing)
{
    public override string ToString() => $"{Property} {Op} {string.Join("/", Operands)}{(IncludeMissing ? " or missing" : "")}";
}

public sealed record PolicySpec(
    string Purchase,
    string Amount,
    string? Refund,
    long Window,
    IReadOnlyList<long>? Recency,
    IReadOnlyList<long>? Frequency,
    IReadOnlyList<decimal>? Monetary,
    string Preset)
{
    public override string ToString() =>
        $"{Purchase}.{Amount} less {Refund} within {Window}, r {Join(Recency)}, f {Join(Frequency)}, m {Join(Monetary)}, {Preset}";

    private static string Join<T>(IReadOnlyList<T>? items) => items is null ? "none" : string.Join("/", items);
}

/// <summary>An event in plain values. Properties hold what operands may be.</summary>
public sealed record PlainEvent(
    string Id, string Name, long Time, decimal? Value, IReadOnlyDictionary<string, object> Properties, string? Refunds)
{
    public override string ToString() =>
        $"{Name} {Id} at {Time} value {Value} refunds {Refunds} {{{string.Join(", ", Properties.Select(p => $"{p.Key}={p.Value}"))}}}";
}
