namespace Segmentation;

/// <summary>What one later event took back of an occurrence.</summary>
/// <param name="AtMs">From when on, inclusive, in milliseconds since the Unix epoch.</param>
/// <param name="Amount">How much of the value, never negative; null when the whole occurrence is taken back.</param>
public readonly record struct Refund(long AtMs, decimal? Amount);
