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
    public void A_right_on_something_that_is_no_kind_is_refused() =>
        Should.Throw<ArgumentException>(() => RoleWriter.Write([typeof(Odd)])).Message.ShouldContain("String has no [KubernetesEntity]");

    [EntityRbac(typeof(Segment), typeof(RfmPolicy), Verbs = RbacVerb.Get | RbacVerb.List | RbacVerb.Watch)]
    [EntityRbac(typeof(CoreSecret), Verbs = RbacVerb.Get)]
    private sealed class Reads;

    [EntityRbac(typeof(Segment), Verbs = RbacVerb.Get | RbacVerb.Patch, StatusVerbs = RbacVerb.Patch)]
    private sealed class Patches;

    private sealed class WithoutRights;

    [EntityRbac(typeof(string), Verbs = RbacVerb.Get)]
    private sealed class Odd;

    [KubernetesEntity(Kind = "Secret", PluralName = "secrets")]
    private sealed class CoreSecret;
}
