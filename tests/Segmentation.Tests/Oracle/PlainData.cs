namespace Segmentation.Tests.Oracle;

/// <summary>A policy as the oracle understands it: words and plain values, nothing of the engine. No break points: not scored yet.</summary>
public sealed record PolicySpec(
    string Purchase,
    string Amount,
    string? Refund,
    long Window,
    IReadOnlyList<long>? Recency,
    IReadOnlyList<long>? Frequency,
    IReadOnlyList<decimal>? Monetary,
    string Preset,
    bool Days = false,
    bool Average = false,
    bool NoZeros = false)
{
    public override string ToString() =>
        $"{Purchase}.{Amount} less {Refund} within {Window}, r {Join(Recency)}, f {Join(Frequency)}, m {Join(Monetary)}, {Preset}{(Days ? ", days" : "")}{(Average ? ", average" : "")}{(NoZeros ? ", no zeros" : "")}";

    private static string Join<T>(IReadOnlyList<T>? items) => items is null ? "none" : string.Join("/", items);
}

/// <summary>An event in plain values. Properties hold texts, decimals, booleans or arrays of texts.</summary>
public sealed record PlainEvent(
    string Id, string Name, long Time, decimal? Value, IReadOnlyDictionary<string, object> Properties, string? Refunds)
{
    public override string ToString() =>
        $"{Name} {Id} at {Time} value {Value} refunds {Refunds} {{{string.Join(", ", Properties.Select(p => $"{p.Key}={p.Value}"))}}}";
}
