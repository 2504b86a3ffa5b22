namespace EndToEnd.Tests;

/// <summary>The checkout that the tests run from, and the data that may lie beside it.</summary>
internal static class RepositoryRoot
{
    public static string Folder { get; } = Find();

    public static string Combine(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>A file of the data that is not part of the project; null when it is not there.</summary>
    public static string? SharedData(params string[] parts)
    {
        var path = Path.GetFullPath(Path.Combine([Folder, "..", "shared", "data", .. parts]));
        return File.Exists(path) ? path : null;
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("Operator.sln lies in no folder above the tests.");
    }
}
