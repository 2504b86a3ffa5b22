using Segmentation.Resources.Manifests;

namespace Resources.Tests;

public class ManifestFilesTests
{
    public static TheoryData<string> Crds => [.. ManifestWriter.WriteCrds().Keys];

    public static TheoryData<string> Roles => [.. RoleWriter.WriteForPeople().Keys];

    [Theory, MemberData(nameof(Crds))]
    public void Committed_CRDs_are_what_the_types_say(string file) => ShouldBeCommitted(ManifestWriter.WriteCrds()[file], "crd", file);

    [Theory, MemberData(nameof(Roles))]
    public void Committed_roles_for_people_are_what_the_types_say(string file) => ShouldBeCommitted(RoleWriter.WriteForPeople()[file], "rbac", file);

    private static void ShouldBeCommitted(string generated, string folder, string file)
    {
        var path = RepositoryRoot.Combine("config", folder, file);
        if (Environment.GetEnvironmentVariable("UPDATE_MANIFESTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, generated);
        }

        File.Exists(path).ShouldBeTrue($"config/{folder}/{file} is missing; run the tests with UPDATE_MANIFESTS=1");
        File.ReadAllText(path).ShouldBe(generated, $"config/{folder}/{file} differs from the types; run the tests with UPDATE_MANIFESTS=1");
    }
}
