namespace Segmentation.Operator.Storage;

/// <summary>Redis did not answer or cannot take writes. What was asked may or may not have happened.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another owner has taken the partition over; everything this one knows of it is worthless.</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>The store is not where its owner believes it is, as after a restart of Redis that lost its last second. The owner must read it again.</summary>
public sealed class OutOfStepException(string message) : Exception(message);
