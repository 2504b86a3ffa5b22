using Segmentation.Resources.Manifests;

namespace EndToEnd.Tests;

public class OperatorRoleTests
{
    private static readonly string RoleFile = RepositoryRoot.Combine("config", "rbac", "role.yaml");

    private static readonly string[] RoleFiles = [RoleFile, RepositoryRoot.Combine("charts", "segmentation-operator", "files", "role.yaml")];

    [Fact]
    public void The_committed_role_holds_exactly_the_rights_that_the_operators_types_ask_for()
    {
        var types = typeof(Segmentation.Operator.Partitions.BusinessClock).Assembly.GetTypes().Concat(typeof(Kubernetes.Client.KubernetesClient).Assembly.GetTypes());
        var generated = RoleWriter.Write(types);
        foreach (var file in RoleFiles)
        {
            if (System.Environment.GetEnvironmentVariable("UPDATE_MANIFESTS") == "1") File.WriteAllText(file, generated);

            var name = Path.GetRelativePath(RepositoryRoot.Folder, file);
            File.ReadAllText(file).ShouldBe(generated, $"{name} differs from the types; run the tests with UPDATE_MANIFESTS=1");
        }
    }

    [Fact]
    public void Secrets_may_be_read_by_name_and_neither_listed_nor_watched_nor_written()
    {
        var rule = File.ReadAllText(RoleFile).Split("- apiGroups:").Single(text => text.Contains("- secrets\n", StringComparison.Ordinal));
        rule[rule.IndexOf("verbs:", StringComparison.Ordinal)..].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).TakeWhile(line => line.StartsWith("- ", StringComparison.Ordinal)).ShouldBe(["- get"]);
    }
}
