namespace Segmentation.Resources.Manifests;

/// <summary>The schema of <c>metav1.Condition</c>, with the bounds that Kubernetes itself puts on it.</summary>
internal static class ConditionSchema
{
    public static Schema Value { get; } = new()
    {
        Type = "object",
        Properties = new SortedDictionary<string, Schema>(StringComparer.Ordinal)
        {
            ["lastTransitionTime"] = new() { Type = "string", Format = "date-time" },
            ["message"] = new() { Type = "string", SizeMaximum = 32768 },
            ["observedGeneration"] = new() { Type = "integer", Format = "int64", Minimum = 0 },
            ["reason"] = new() { Type = "string", SizeMinimum = 1, SizeMaximum = 1024, Pattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$" },
            ["status"] = new() { Type = "string", Enum = ["True", "False", "Unknown"] },
            ["type"] = new() { Type = "string", SizeMaximum = 316 },
        },
        Required = ["lastTransitionTime", "message", "reason", "status", "type"],
    };
}
