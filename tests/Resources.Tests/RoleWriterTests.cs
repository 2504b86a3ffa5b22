using Kubernetes.Model;
using Segmentation.Resources;
using Segmentation.Resources.Manifests;

namespace Resources.Tests;

public class RoleWriterTests
{
    [Fact]
    public void Rights_of_all_controllers_are_merged_and_each_is_named_once()
    {
        RoleWriter.Write([typeof(Reads), typeof(Patches), typeof(WithoutRights)], "some-operator").ShouldEndWith(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: some-operator
            rules:
            - apiGroups:
              - ''
              resources:
              - secrets
              verbs:
              - get
            - apiGroups:
              - segmentation.dev
              resources:
              - rfmpolicies
              verbs:
              - get
              - list
              - watch
            - apiGroups:
              - segmentation.dev
              resources:
              - segments
              verbs:
              - get
              - list
              - watch
              - patch
            - apiGroups:
              - segmentation.dev
              resources:
              - segments/status
              verbs:
              - patch

            """);
    }

    [Fact]
    public void Rights_in_the_own_namespace_only_go_into_a_Role_there()
    {
        var roles = RoleWriter.Write([typeof(Reads), typeof(Leads)]).Split("---\n");
        roles.Length.ShouldBe(2);
        roles[0].ShouldContain("kind: ClusterRole");
        roles[0].ShouldNotContain("leases");
        roles[1].ShouldBe(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: segmentation-operator
              namespace: segmentation-system
            rules:
            - apiGroups:
              - coordination.k8s.io
              resources:
              - leases
              verbs:
              - get
              - create

            """);
    }

    [Fact]
    public void A_right_on_something_that_is_no_kind_is_refused() =>
        Should.Throw<ArgumentException>(() => RoleWriter.Write([typeof(Odd)])).Message.ShouldContain("String has no [KubernetesEntity]");

    [EntityRbac(typeof(Segment), typeof(RfmPolicy), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch)]
    [EntityRbac(typeof(CoreSecret), Verbs = RbacVerb.Get)]
    private sealed class Reads;

    [EntityRbac(typeof(Segment), Verbs = RbacVerb.Get | RbacVerb.Patch, StatusVerbs = RbacVerb.Patch)]
    private sealed class Patches;

    [EntityRbac(typeof(V1Lease), Verbs = RbacVerb.Get | RbacVerb.Create, OwnNamespaceOnly = true)]
    private sealed class Leads;

    private sealed class WithoutRights;

    [EntityRbac(typeof(string), Verbs = RbacVerb.Get)]
    private sealed class Odd;

    [KubernetesEntity(Kind = "Secret", PluralName = "secrets")]
    private sealed class CoreSecret;
}
