namespace Kubernetes.Client;

/// <summary>How deeply what an API server sends may nest.</summary>
public static class JsonDepth
{
    /// <summary>
    /// API servers take objects 10,000 deep where a schema leaves fields open. A reader that takes less would lose the whole list or watch that
    /// such an object stands in; kinds with open fields are read with this many, too.
    /// </summary>
    public const int Max = 10_000 + 16;
}
