namespace Kubernetes.Tests.Widgets;

/// <summary>The custom resource definition of <see cref="Widget"/>.</summary>
internal static class WidgetDefinition
{
    public const string Json = """
        {
          "apiVersion": "apiextensions.k8s.io/v1",
          "kind": "CustomResourceDefinition",
          "metadata": {"name": "widgets.test.example.com"},
          "spec": {
            "group": "test.example.com",
            "scope": "Namespaced",
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
            "versions": [{
              "name": "v1", "served": true, "storage": true,
              "subresources": {"status": {}},
              "schema": {"openAPIV3Schema": {
                "type": "object",
                "properties": {
                  "spec": {"type": "object", "properties": {"size": {"type": "integer", "minimum": 0}, "price": {"type": "number"}}},
                  "status": {"type": "object", "properties": {
                    "observedGeneration": {"type": "integer", "format": "int64"},
                    "observedSize": {"type": "integer"},
                    "lastHandledReconcileAt": {"type": "string"},
                    "conditions": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"], "items": {
                      "type": "object", "required": ["type"],
                      "properties": {
                        "type": {"type": "string"}, "status": {"type": "string"}, "reason": {"type": "string"}, "message": {"type": "string"},
                        "observedGeneration": {"type": "integer", "format": "int64"}, "lastTransitionTime": {"type": "string", "format": "date-time"}
                      }
                    }}
                  }}
                }
              }}
            }]
          }
        }
        """;
}
