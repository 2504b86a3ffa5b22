using System.Reflection;
using System.Text.Json.Nodes;
using Kubernetes.Model;

namespace Segmentation.Resources.Manifests;

/// <summary>Writes ClusterRoles: the operator's from its controllers' <see cref="EntityRbacAttribute"/>s, and those for people.</summary>
public static class RoleWriter
{
    public const string OperatorRole = "segmentation-operator";

    /// <summary>The namespace that the operator's manifests install it in.</summary>
    public const string OperatorNamespace = "segmentation-system";

    private static readonly RbacVerb[] ReadVerbs = [RbacVerb.Get, RbacVerb.List, RbacVerb.Watch];

    /// <summary>
    /// The rights that all these types ask for together, in YAML; no right is named twice. One ClusterRole, and where types ask for rights in the
    /// program's own namespace only, a Role in <see cref="OperatorNamespace"/> with those.
    /// </summary>
    public static string Write(IEnumerable<Type> types, string name = OperatorRole)
    {
        var rights = types.SelectMany(type => type.GetCustomAttributes<EntityRbacAttribute>()).ToLookup(rbac => rbac.OwnNamespaceOnly);
        var text = ManifestWriter.Header + YamlText.Write(Role(name, [], Rules(rights[false])));
        return rights.Contains(true) ? text + "---\n" + YamlText.Write(Role(name, [], Rules(rights[true]), OperatorNamespace)) : text;
    }

    /// <summary>
    /// Roles for people, which Kubernetes adds to its own <c>view</c>, <c>edit</c> and <c>admin</c>; file name and content.
    /// </summary>
    public static IReadOnlyDictionary<string, string> WriteForPeople()
    {
        var entities = ManifestWriter.Kinds.Select(ManifestWriter.Entity).ToList();
        var plurals = entities.Select(entity => entity.PluralName).ToList();
        var view = ReadVerbs.Aggregate((all, verb) => all | verb);
        var edit = view | RbacVerb.Create | RbacVerb.Update | RbacVerb.Patch | RbacVerb.Delete;
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["viewer_role.yaml"] = ForPeople("segmentation-viewer", ["view", "edit", "admin"], plurals, VerbNames(view)),
            ["editor_role.yaml"] = ForPeople("segmentation-editor", ["edit", "admin"], plurals, [.. VerbNames(edit), "deletecollection"]),
        };
    }

    private static string ForPeople(string name, IReadOnlyList<string> aggregates, IEnumerable<string> plurals, IEnumerable<string> verbs) =>
        ManifestWriter.Header + YamlText.Write(Role(name, aggregates, [Rule(SegmentationApi.Group, plurals.Order(StringComparer.Ordinal), verbs)]));

    private static IEnumerable<JsonObject> Rules(IEnumerable<EntityRbacAttribute> rights)
    {
        var verbs = new SortedDictionary<(string Group, string Resource), RbacVerb>();
        foreach (var rbac in rights)
        {
            foreach (var entity in rbac.Entities.Select(ManifestWriter.Entity))
            {
                Add(verbs, entity.Group, entity.PluralName, rbac.Verbs);
                Add(verbs, entity.Group, entity.PluralName + "/status", rbac.StatusVerbs);
            }
        }

        return verbs
            .GroupBy(right => (right.Key.Group, right.Value))
            .Select(group => Rule(group.Key.Group, group.Select(right => right.Key.Resource), VerbNames(group.Key.Value)));
    }

    /// <summary>A Role when it has a namespace, else a ClusterRole.</summary>
    private static JsonObject Role(string name, IReadOnlyList<string> aggregates, IEnumerable<JsonObject> rules, string? @namespace = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace is not null) metadata["namespace"] = @namespace;
        if (aggregates.Count > 0)
        {
            metadata["labels"] = new JsonObject(
                [.. aggregates.Select(role => KeyValuePair.Create<string, JsonNode?>($"rbac.authorization.k8s.io/aggregate-to-{role}", "true"))]);
        }

        return new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = @namespace is null ? "ClusterRole" : "Role",
            ["metadata"] = metadata,
            ["rules"] = new JsonArray([.. rules]),
        };
    }

    private static JsonObject Rule(string group, IEnumerable<string> resources, IEnumerable<string> verbs) => new()
    {
        ["apiGroups"] = ManifestWriter.Strings([group]),
        ["resources"] = ManifestWriter.Strings(resources),
        ["verbs"] = ManifestWriter.Strings(verbs),
    };

    private static void Add(SortedDictionary<(string Group, string Resource), RbacVerb> verbs, string group, string resource, RbacVerb added)
    {
        if (added != RbacVerb.None)
            verbs[(group, resource)] = verbs.GetValueOrDefault((group, resource)) | added;
    }

    private static List<string> VerbNames(RbacVerb verbs) =>
        [
            .. Enum.GetValues<RbacVerb>()
                .Where(verb => verb != RbacVerb.None && verbs.HasFlag(verb))
                .Select(verb => verb.ToString().ToLowerInvariant()),
        ];
}
