using Segmentation.Resources.Manifests;

namespace Resources.Tests;

public class ManifestFilesTests
{
    private const string Chart = "charts/segmentation-operator";

    public static TheoryData<string> Crds => [.. ManifestWriter.WriteCrds().Keys];

    public static TheoryData<string> Roles => [.. RoleWriter.WriteForPeople().Keys];

    [Theory, MemberData(nameof(Crds))]
    public void Committed_CRDs_are_what_the_types_say(string file) => ShouldBeCommitted(ManifestWriter.WriteCrds()[file], file, "config/crd", Chart + "/crds");

    [Theory, MemberData(nameof(Roles))]
    public void Committed_roles_for_people_are_what_the_types_say(string file) =>
        ShouldBeCommitted(RoleWriter.WriteForPeople()[file], file, "config/rbac", Chart + "/files");

    [Theory, InlineData("config/crd"), InlineData(Chart + "/crds")]
    public void No_other_CRD_is_committed(string folder) =>
        Directory.GetFiles(RepositoryRoot.Combine(folder)).Select(Path.GetFileName).Except(ManifestWriter.WriteCrds().Keys).ShouldBeEmpty();

    private static void ShouldBeCommitted(string generated, string file, params string[] folders)
    {
        foreach (var (path, name) in folders.Select(folder => (RepositoryRoot.Combine(folder, file), $"{folder}/{file}")))
        {
            if (Environment.GetEnvironmentVariable("UPDATE_MANIFESTS") == "1")
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, generated);
            }

            File.Exists(path).ShouldBeTrue($"{name} is missing; run the tests with UPDATE_MANIFESTS=1");
            File.ReadAllText(path).ShouldBe(generated, $"{name} differs from the types; run the tests with UPDATE_MANIFESTS=1");
        }
    }
}
