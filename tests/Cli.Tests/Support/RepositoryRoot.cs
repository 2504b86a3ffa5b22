namespace Segmentation.Cli.Tests.Support;

/// <summary>The checkout that the tests were built from.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Operator.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("Operator.sln lies in no folder above the tests.");
    }
}
